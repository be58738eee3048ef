"""What comes in at the door: addresses that look alike, empty passwords, where a sign-in leads."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.addresses import canonical
from accounts.models import User
from accounts.services import create_account
from tests.integration.test_second_factor import is_in, led_to, password_step
from tests.support.addresses import names
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, a_clinician, a_manager, a_runner, signed_in, totp_code

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "name": "Nora",
    "email": "nora@example.org",
    "password1": PASSWORD,
    "adult": "on",
    "time_zone": "UTC",
}
#: All are rosa@example.org to somebody: a database, a mail server, or a reader.
LOOK_ALIKES = ["ROSA@example.org", "roſa@example.org", "rosa@EXAMPLE.org", " rosa@example.org "]


# --- addresses --------------------------------------------------------------------
@pytest.mark.parametrize("spelling", LOOK_ALIKES)
def test_an_address_that_only_looks_different_makes_no_second_account(spelling):
    a_runner()
    Client().post(reverse("account_signup"), SIGN_UP | {"email": spelling})
    assert User.objects.count() == 1
    assert EmailAddress.objects.count() == 1


@pytest.mark.parametrize("spelling", LOOK_ALIKES)
def test_failed_attempts_are_counted_together_however_the_address_is_spelt(spelling):
    a_runner()
    for _ in range(5):
        Client().post(reverse("account_login"), {"login": "rosa@example.org", "password": "wrong"})
    answer = Client().post(reverse("account_login"), {"login": spelling, "password": PASSWORD})
    assert "Too many failed attempts" in answer.content.decode()


@pytest.mark.parametrize(
    "email", ["rósa@example.org", "росa@example.org", "ro sa@example.org", "rosa", "@x.org"]
)
def test_an_address_beyond_plain_letters_is_refused_in_words(email):
    answer = Client().post(reverse("account_signup"), SIGN_UP | {"email": email})
    assert 'href="#id_email"' in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("typed", "spelling"), [("K@example.org", "k@example.org"), ("a@exämple.org", "a@exämple.org")]
)
def test_there_is_one_spelling_of_an_address(typed, spelling):
    assert canonical(typed) == spelling


def test_a_new_address_takes_over_only_when_its_code_was_entered():
    client = Client()
    rosa = a_runner()
    password_step(client, rosa)
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    Client().post(reverse("account_reset_password"), {"email": "new@example.org"})
    mails = delivered_mails()
    assert not [mail for mail in mails if "/password/reset/key/" in mail.body]
    rosa.refresh_from_db()
    assert rosa.email == "rosa@example.org"
    to_the_new_one = next(mail for mail in mails if mail.to == ["new@example.org"] and "code" in mail.body)
    code = re.search(r"^ {4}(\S+)$", to_the_new_one.body, re.M)[1]
    client.post(reverse("account_email_verification_sent"), {"code": code})
    rosa.refresh_from_db()
    assert rosa.email == "new@example.org"
    assert ["rosa@example.org"] in [mail.to for mail in delivered_mails()]


def test_the_address_is_changed_only_by_somebody_who_just_proved_who_she_is(client):
    client = signed_in(a_runner())
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    answer = client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert led_to(answer) == reverse("account_reauthenticate")
    assert not [mail for mail in delivered_mails() if mail.to == ["new@example.org"]]


# --- passwords ---------------------------------------------------------------------------
@pytest.mark.parametrize("password", [None, ""])
def test_an_account_without_a_password_lets_nobody_in(password):
    user = create_account(email="x@example.org", name="X", password=password, verified=True)
    assert not user.has_usable_password()
    for tried in ("", " ", "None", "!"):
        client = Client()
        client.post(reverse("account_login"), {"login": user.email, "password": tried})
        assert not is_in(client)


@pytest.mark.parametrize("password", ["", " " * 12, "short", "1234567890", "x" * 1001])
def test_nobody_signs_up_without_a_real_password(password):
    answer = Client().post(reverse("account_signup"), SIGN_UP | {"password1": password})
    assert 'href="#id_password1"' in answer.content.decode()
    assert not User.objects.exists()


# --- where a sign-in leads -------------------------------------------------------------------
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example",
    "http:///evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "evil.example",
    "@evil.example",
    "http://testserver/account/",
    "http://localhost/account/",
    "http://testserver@evil.example/",
    "http://127.0.0.1:8000/",
    " //evil.example",
    "\t//evil.example",
    "\n//evil.example",
    "\x00//evil.example",
    "/%09/evil.example",
    "//%65vil.example",
    "http://[::1",
    "//evil.example\\@testserver",
    "?next=//evil.example",
    "/account/\r\nLocation: https://evil.example",
    "x" * 10_000,
]


def is_ours(location: str) -> bool:
    """A browser that follows it stays here: a path, and no second slash or backslash after the first."""
    return bool(re.match(r"/(?![/\\])[\x21-\x7e]*$", location)) or location.startswith("?")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_sign_in_leads_nowhere_else(target):
    rosa = a_runner()
    for client, name, data in (
        (Client(), "account_login", {"login": rosa.email, "password": PASSWORD}),
        (Client(), "account_signup", SIGN_UP),
        (signed_in(rosa), "account_login", {}),
        (signed_in(rosa), "account_reauthenticate", {"password": PASSWORD}),
        (signed_in(rosa), "account_logout", {}),
        (Client(), "account_reset_password", {"email": rosa.email}),
    ):
        for answer in (
            client.get(reverse(name), {"next": target}),
            client.post(reverse(name), data | {"next": target}),
        ):
            # 400 is the gate's answer to a NUL (rehab/edge.py).
            assert answer.status_code in (200, 302, 400)
            if answer.status_code == 302:
                assert is_ours(answer.url), (name, answer.url)


@pytest.mark.parametrize("target", ELSEWHERE[:8])
def test_the_second_factor_leads_nowhere_else(target):
    petra, client = a_clinician(), Client()
    password_step(client, petra, next=target)
    assert client.post(reverse("mfa_authenticate"), {"code": totp_code(petra)}).url == reverse("home")


def test_a_sign_in_leads_to_the_page_that_was_wanted():
    petra, client = a_clinician(), Client()
    wanted = reverse("programmes") + "?stage=2"
    step = client.get(wanted)
    assert step.url == "/accounts/login/?next=/programmes/%3Fstage%3D2"
    password_step(client, petra, next=wanted)
    assert client.post(reverse("mfa_authenticate"), {"code": totp_code(petra)}).url == wanted


# --- the administration ------------------------------------------------------------------------
def test_the_administration_tells_a_stranger_nothing_not_even_which_pages_it_has():
    admin = reverse("admin:index")
    existing = [name for name in names() if name.startswith("admin:") and name.endswith("_changelist")]
    assert len(existing) > 5
    missing = [f"{admin}no/such/page/", f"{admin}accounts/user/1/change/"]
    for path in [reverse(name) for name in existing] + missing:
        answer = Client().get(path)
        assert led_to(answer) == reverse("admin:login"), path
        assert led_to(Client().get(answer.url)) == reverse("account_login")


def test_the_administrations_own_form_signs_nobody_in():
    mara, client = a_manager(), Client()
    answer = client.post(reverse("admin:login"), {"username": mara.email, "password": PASSWORD})
    assert led_to(answer) == reverse("account_login")
    assert not is_in(client)


@pytest.mark.parametrize("somebody", [a_runner, a_clinician])
def test_who_is_no_site_manager_is_refused_there(somebody):
    assert signed_in(somebody()).get(reverse("admin:index")).status_code == 403
