"""Second factors where they are kept: sealed, never the last one removed, reset by an operator only."""

import logging

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.sealing import Unreadable, seal, unseal
from tests.integration.test_second_factor import code_step, is_in, led_to, password_step, set_up_an_app
from tests.support.mails import delivered_mails
from tests.support.people import (
    TOTP_SECRET,
    a_clinician,
    a_manager,
    a_runner,
    signed_in,
    the_app_of,
    totp_code,
    without_second_factor,
)

pytestmark = pytest.mark.django_db
FORMER, NEWER = "former-key-of-this-installation-1234", "newer-key-of-this-installation-56789"


def a_passkey(user: User, name: str = "My phone") -> Authenticator:
    """Its row; what is in it is not looked at here."""
    data = {"name": name, "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    return Authenticator.objects.create(user=user, type="webauthn", data=data)


def kept() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return str(cursor.fetchall())


# --- sealed ---------------------------------------------------------------------
def test_secrets_and_seeds_are_not_in_the_database_as_they_are():
    petra = without_second_factor(a_clinician())
    client = signed_in(petra)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    set_up_an_app(client)
    codes = Authenticator.objects.get(user=petra, type="recovery_codes").wrap()
    assert secret not in kept()
    assert unseal(the_app_of(petra).data["secret"]) not in kept()
    assert unseal(codes.instance.data["seed"]) not in kept()
    assert "mfa.totp.secret" not in client.session


def test_the_same_secret_looks_different_each_time():
    assert seal("the same") != seal("the same")


def test_a_key_is_changed_without_locking_anybody_out(settings, capsys, client):
    petra = a_clinician()  # sealed with SECRET_KEY: no other key yet
    settings.REHAB_FIELD_KEYS = (FORMER,)
    call_command("reseal")
    settings.REHAB_FIELD_KEYS = (NEWER, FORMER)
    password_step(client, petra)
    code_step(client, totp_code(petra))
    assert is_in(client)
    call_command("reseal")
    settings.REHAB_FIELD_KEYS, settings.SECRET_KEY = (NEWER,), "x" * 50
    assert unseal(the_app_of(petra).data["secret"]) == TOTP_SECRET
    assert "1 sealed with the newest key." in capsys.readouterr().out


def test_a_former_secret_key_opens_as_a_former_key(settings):
    sealed = seal("a seed")
    settings.REHAB_FIELD_KEYS, settings.SECRET_KEY = (NEWER, settings.SECRET_KEY), "x" * 50
    assert unseal(sealed) == "a seed"


def test_what_no_key_opens_is_said_to_its_owner_and_to_the_operator(settings, client, caplog):
    petra = a_clinician()
    code = totp_code(petra)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [], "x" * 50
    password_step(client, petra)
    with caplog.at_level(logging.ERROR, logger="accounts.middleware"):
        answer = code_step(client, code)
    assert answer.status_code == 503
    assert "Your second factor cannot be checked" in answer.content.decode()
    assert "REHAB_FIELD_KEY" in caplog.text
    assert "manage.py reseal" in caplog.text
    assert TOTP_SECRET not in caplog.text + answer.content.decode()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("reseal")
    assert not is_in(client)


@pytest.mark.parametrize("sealed", ["", "rubbish", "gAAAAA", "ü"])
def test_a_row_that_was_tampered_with_opens_nothing(sealed):
    with pytest.raises(Unreadable):
        unseal(sealed)


# --- the last one stays -------------------------------------------------------------
@pytest.mark.parametrize("somebody", [a_clinician, a_manager])
def test_the_only_app_of_somebody_who_needs_one_is_not_removed(somebody):
    user = somebody()
    client = signed_in(user)
    assert "your role needs one" in client.get(reverse("mfa_deactivate_totp")).content.decode()
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert "your role needs one" in answer.content.decode()
    assert the_app_of(user)


def test_the_only_passkey_of_a_physiotherapist_is_not_removed():
    petra = a_clinician()
    key = a_passkey(petra)
    signed_in(petra).post(reverse("mfa_deactivate_totp"))  # there are two: one may go
    assert list(Authenticator.objects.filter(user=petra)) == [key]
    client = signed_in(petra)
    assert "your role needs one" in client.get(reverse("mfa_remove_webauthn", args=[key.pk])).content.decode()
    answer = client.post(reverse("mfa_remove_webauthn", args=[key.pk]), follow=True)
    assert "Add another second factor first" in answer.content.decode()
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_a_runner_removes_hers_and_is_told(django_capture_on_commit_callbacks):
    rosa = a_runner()
    client = signed_in(rosa)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_an_app(client)
        answer = client.post(reverse("mfa_deactivate_totp"))
    assert led_to(answer) == reverse("mfa_index")
    assert not Authenticator.objects.filter(user=rosa).exists()
    subjects = {mail.subject for mail in delivered_mails()}
    assert subjects == {"Rehab: An authenticator app was set up", "Rehab: Your authenticator app was removed"}


def test_new_recovery_codes_end_the_former_ones_and_are_told(django_capture_on_commit_callbacks):
    rosa = a_runner()
    client = signed_in(rosa)
    set_up_an_app(client)
    former = Authenticator.objects.get(user=rosa, type="recovery_codes").wrap().get_unused_codes()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    assert [mail.subject for mail in delivered_mails()][-1] == "Rehab: New recovery codes were made"
    other = Client()
    password_step(other, rosa)
    code_step(other, former[0])
    assert not is_in(other)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert former[0][:4] + " " + former[0][4:] not in page


# --- passkeys have no numbers -----------------------------------------------------------
@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_passkeys_are_found_by_a_signed_number_and_by_their_owner_only(name):
    rosa, ruth = a_runner(), a_runner("ruth@example.org")
    key = a_passkey(rosa)
    address = reverse(name, args=[key.pk])
    hers, others = signed_in(rosa), signed_in(ruth)
    assert hers.get(address).status_code == 200
    assert others.get(address).status_code == 404
    assert others.post(address, {"name": "Mine now"}).status_code == 404
    for number in (str(key.pk), f"{key.pk}:{'A' * 43}", Signer(salt="another").sign(str(key.pk))):
        guessed = address.replace(address.split("/")[-3], number)
        assert hers.get(guessed).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "My phone"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("A" * 61, "My phone"),
        ("\u202e \u2028", "My phone"),
        ("a\x00b", "My phone"),
        (" Key\u202ering ", "Key ring"),
    ],  # noqa: E501
)
def test_a_passkey_has_a_name_that_can_be_read(typed, name):
    rosa = a_runner()
    key = a_passkey(rosa)
    signed_in(rosa).post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": typed})
    assert Authenticator.objects.get(pk=key.pk).data["name"] == name


GARBAGE = [
    "",
    "null",
    "[]",
    "{}",
    '"x"',
    "[[[[",
    '{"id": 1, "rawId": 2, "type": "public-key", "response": 3}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
    '"authenticatorData": "AA", "signature": "AA", "userHandle": "enp6enp6enp6enp6enp6enp6"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", '
    '"attestationObject": "oA", "authenticatorData": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB", '
    '"signature": "AA", "userHandle": "MQ"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "////", '
    '"attestationObject": "////", "authenticatorData": "////", "signature": "////", "userHandle": "/w"}}',
]


@pytest.mark.parametrize("credential", GARBAGE)
def test_what_is_no_passkey_opens_nothing_and_breaks_nothing(client, credential):
    petra = a_clinician()
    a_passkey(petra)
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert led_to(answer) == reverse("account_login")
    Authenticator.objects.filter(type="webauthn").delete()
    password_step(client, petra)
    client.get(reverse("mfa_authenticate"))
    assert client.post(reverse("mfa_authenticate"), {"credential": credential}).status_code == 200
    assert not is_in(client)
    hers = signed_in(petra)
    hers.get(reverse("mfa_add_webauthn"))
    assert hers.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential}).status_code == 200
    assert Authenticator.objects.count() == 1


# --- lost ----------------------------------------------------------------------------------
def test_an_operator_resets_a_lost_factor(capsys, caplog, client):
    petra = a_clinician()
    password_step(client, petra)
    code_step(client, totp_code(petra))
    call_command("reset_second_factor", "Petra@Example.org", "--reason", "phone stolen,\ncalled her back")
    assert "every session ended" in capsys.readouterr().out
    assert f"account {petra.pk}" in caplog.text
    assert "phone stolen, called her back" in caplog.text
    assert not is_in(client)
    assert not Authenticator.objects.filter(user=petra).exists()
    mail = delivered_mails()[0]
    assert (mail.to, mail.subject) == ([petra.email], "Rehab: Your second factor was taken away")


def test_after_a_reset_the_password_alone_does_not_do(client):
    petra = a_clinician()
    call_command("reset_second_factor", petra.email, "--reason", "lost")
    assert not EmailAddress.objects.get(user=petra).verified
    assert led_to(password_step(client, petra)) == reverse("account_email_verification_sent")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody@example.org", "--reason", "x"], "Nobody has the address"),
        (["petra@example.org", "--reason", "  "], "Say why"),
        (["petra@example.org"], "--reason"),
        (["rosa@example.org", "--reason", "x"], "has no second factor"),
    ],
)
def test_a_reset_that_cannot_be_says_why(arguments, said):
    a_clinician(), a_runner()
    with pytest.raises(CommandError, match=said):
        call_command("reset_second_factor", *arguments)
    assert Authenticator.objects.count() == 1
