"""The second factor before anything else: who is led to it, and what does not count as one."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import SecondFactorFirst
from accounts.models import Role, User
from accounts.second_factor import code_at
from accounts.services.second_factor import add_authenticator_app
from tests.support.addresses import without_objects
from tests.support.mails import delivered_mails
from tests.support.people import (
    PASSWORD,
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
WHO = pytest.mark.parametrize("somebody", [a_clinician, a_manager])
#: They tell nothing about anybody, and hold no page.
INSTALLED = {"manifest", "service_worker"}
OPEN = SecondFactorFirst.ALWAYS | {"healthz", "safety"} | INSTALLED


def password_step(client: Client, user: User, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD} | more)


def code_step(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def enter(client: Client, user: User):
    password_step(client, user)
    return code_step(client, totp_code(user))


def shown_by_an_app(secret: str, steps_ahead: int = 0) -> str:
    return code_at(secret, int(timezone.now().timestamp()) // 30 + steps_ahead)


def set_up_an_app(client: Client):
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    return client.post(reverse("mfa_activate_totp"), {"code": shown_by_an_app(secret)})


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def led_to(answer) -> str:
    return answer.url.split("?")[0] if answer.status_code == 302 else str(answer.status_code)


# --- nothing before it ------------------------------------------------------------
@WHO
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_factor_nothing_opens_but_the_way_to_one(somebody, method):
    client, tried = signed_in(without_second_factor(somebody())), 0
    for name, address in without_objects().items():
        if name not in OPEN | SecondFactorFirst.TO_SET_UP:
            assert led_to(getattr(client, method)(address)) == reverse("mfa_index"), name
            tried += 1
    assert tried > 50


@WHO
@pytest.mark.parametrize("method", ["get", "post"])
def test_with_a_factor_that_was_not_used_nothing_opens_but_the_way_to_use_it(somebody, method):
    client, tried = signed_in(somebody(), second_factor=False), 0
    for name, address in without_objects().items():
        if name not in OPEN | SecondFactorFirst.TO_USE:
            assert led_to(getattr(client, method)(address)) == reverse("mfa_reauthenticate"), name
            tried += 1
    assert tried > 50


def test_what_is_open_without_it_is_named_and_there():
    every = SecondFactorFirst.ALWAYS | SecondFactorFirst.TO_SET_UP | SecondFactorFirst.TO_USE
    assert every <= without_objects().keys()


@WHO
def test_the_first_sign_in_leads_through_the_set_up(somebody, client, django_capture_on_commit_callbacks):
    user = without_second_factor(somebody())
    password_step(client, user)
    assert led_to(client.get(reverse("account"))) == reverse("mfa_index")
    # The password was entered a moment ago; the code that sets the app up is its first use.
    with django_capture_on_commit_callbacks(execute=True):
        assert led_to(set_up_an_app(client)) == reverse("mfa_view_recovery_codes")
    assert is_in(client)
    assert [mail.subject for mail in delivered_mails()] == ["Rehab: An authenticator app was set up"]


def test_a_runner_is_asked_for_nothing_and_may_have_one(client):
    rosa = a_runner()
    password_step(client, rosa)
    assert is_in(client)
    assert "Second factor and passkeys" in client.get(reverse("account")).content.decode()
    set_up_an_app(client)
    client.post(reverse("account_logout"))
    assert led_to(password_step(client, rosa)) == reverse("mfa_authenticate")
    assert not is_in(client)
    code_step(client, totp_code(rosa))
    assert is_in(client)


def test_a_change_of_role_is_noticed_by_the_next_request():
    rosa = a_runner()
    client = signed_in(rosa)
    assert is_in(client)
    User.objects.filter(pk=rosa.pk).update(role=Role.CLINICIAN)
    assert led_to(client.get(reverse("account"))) == reverse("mfa_index")


def test_whoever_may_open_the_administration_needs_one_whatever_the_role():
    rosa = a_runner()
    User.objects.filter(pk=rosa.pk).update(is_staff=True)
    assert led_to(signed_in(rosa).get(reverse("account"))) == reverse("mfa_index")


# --- what does not count ------------------------------------------------------------
def test_a_session_from_before_the_factor_does_not_count():
    petra = without_second_factor(a_clinician())
    old, new = signed_in(petra), signed_in(petra)
    set_up_an_app(new)
    assert is_in(new)
    assert led_to(old.get(reverse("account"))) == reverse("mfa_reauthenticate")


def test_a_session_without_the_factor_cannot_put_its_own_beside_it():
    client = signed_in(a_clinician(), second_factor=False)
    for name in ("mfa_add_webauthn", "mfa_activate_totp", "account_reauthenticate"):
        assert led_to(client.get(reverse(name))) == reverse("mfa_reauthenticate")


def test_a_factor_that_was_taken_away_counts_no_longer():
    petra = a_clinician()
    client = signed_in(petra)
    assert is_in(client)
    add_authenticator_app(user=without_second_factor(petra), secret=TOTP_SECRET)
    assert led_to(client.get(reverse("account"))) == reverse("mfa_reauthenticate")


def test_after_the_code_the_page_that_was_wanted_opens():
    petra = a_clinician()
    client = signed_in(petra, second_factor=False)
    asked = client.get(reverse("programmes") + "?q=1")
    answer = client.post(asked.url, {"code": totp_code(petra), "next": "/programmes/?q=1"})
    assert answer.url == "/programmes/?q=1"
    assert is_in(client)


def test_where_there_is_a_factor_the_password_alone_confirms_nothing():
    client = signed_in(a_clinician())
    assert led_to(client.get(reverse("account_reauthenticate"))) == reverse("mfa_reauthenticate")
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert led_to(answer) == reverse("mfa_reauthenticate")


def test_a_new_password_signs_nobody_in_and_goes_round_nothing(client):
    petra = a_clinician()
    client.post(reverse("account_reset_password"), {"email": petra.email})
    link = next(line for line in delivered_mails()[0].body.splitlines() if "/password/reset/key/" in line)
    page = client.get(urlsplit(link.strip()).path, follow=True)
    new = {"password1": "another calm kilometre", "password2": "another calm kilometre"}
    client.post(page.redirect_chain[-1][0], new)
    assert not is_in(client)
    step = client.post(reverse("account_login"), {"login": petra.email, "password": new["password1"]})
    assert led_to(step) == reverse("mfa_authenticate")
    assert not is_in(client)


# --- one browser, several people -----------------------------------------------------
def test_half_a_sign_in_opens_nothing_and_leaves_nothing_to_the_next_person(client):
    petra, rosa = a_clinician(), a_runner()
    password_step(client, petra)
    assert "_auth_user_id" not in client.session
    assert not is_in(client)
    client.post(reverse("account_logout"))  # the button "Cancel"
    assert not [key for key, _value in client.session.items() if key.startswith("account")]
    password_step(client, rosa)
    assert client.get(reverse("account")).context["user"] == rosa
    assert "petra" not in str(dict(client.session))


def test_of_two_people_in_one_browser_each_needs_her_own_factor(client):
    petra, paul = a_clinician(), a_clinician("paul@example.org", "Paul")
    enter(client, petra)
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert led_to(password_step(client, paul)) == reverse("mfa_authenticate")
    assert not is_in(client)


def test_somebody_elses_factor_in_the_record_of_a_session_does_not_count():
    petra, paul = a_clinician(), a_clinician("paul@example.org", "Paul")
    client = signed_in(petra)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "id": the_app_of(paul).pk, "at": timezone.now().timestamp()}
    ]
    session.save()
    assert led_to(client.get(reverse("account"))) == reverse("mfa_reauthenticate")


# --- a code counts once ----------------------------------------------------------------
def test_a_code_counts_once_also_when_the_cache_was_emptied():
    petra = a_clinician()
    code = totp_code(petra)
    first, second = Client(), Client()
    password_step(first, petra)
    code_step(first, code)
    assert is_in(first)
    cache.clear()
    password_step(second, petra)
    answer = code_step(second, code)
    assert "This code is not right" in answer.content.decode()
    assert not is_in(second)
    code_step(second, totp_code(petra))
    assert is_in(second)


def test_a_code_from_before_the_last_one_counts_no_longer(client):
    petra = a_clinician()
    later, earlier = shown_by_an_app(TOTP_SECRET, 1), shown_by_an_app(TOTP_SECRET, 0)
    password_step(client, petra)
    code_step(client, later)
    assert is_in(client)
    other = Client()
    password_step(other, petra)
    code_step(other, earlier)
    assert not is_in(other)


def test_the_code_that_set_up_an_app_is_spent():
    petra = without_second_factor(a_clinician())
    client, other = signed_in(petra), Client()
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = shown_by_an_app(secret)
    client.post(reverse("mfa_activate_totp"), {"code": code})
    password_step(other, petra)
    code_step(other, code)
    assert not is_in(other)


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_a_code_of_another_time_does_not_count(client, steps):
    petra = a_clinician()
    password_step(client, petra)
    code_step(client, shown_by_an_app(TOTP_SECRET, steps))
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "0", "000000", "abcdef", "１２３４５６", "1" * 5000, "'; --"])
def test_what_is_no_code_is_refused_in_words(client, code):
    petra = a_clinician()
    password_step(client, petra)
    answer = code_step(client, code)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not is_in(client)


def test_a_recovery_code_lets_in_once_and_is_told(client):
    petra = without_second_factor(a_clinician())
    set_up_an_app(signed_in(petra))
    codes = Authenticator.objects.get(user=petra, type="recovery_codes").wrap().get_unused_codes()
    password_step(client, petra)
    code_step(client, codes[3])
    assert "You have 9 left." in client.get(reverse("account")).content.decode()
    assert "Rehab: A recovery code was used" in [mail.subject for mail in delivered_mails()]
    other = Client()
    password_step(other, petra)
    code_step(other, codes[3])
    assert not is_in(other)
