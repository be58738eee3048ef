"""Sessions: how they begin, how long they last, who ends them."""

import datetime

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.templatetags.devices import device
from tests.integration.test_second_factor import enter, is_in, led_to, password_step
from tests.support.people import PASSWORD, a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
MONDAY = datetime.datetime(2026, 11, 16, 8, tzinfo=datetime.UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def after(**time) -> time_machine.travel:
    return time_machine.travel(MONDAY + datetime.timedelta(**time), tick=False)


@pytest.fixture
def monday():
    with after(hours=0):
        yield


def at_work(somebody=a_clinician) -> Client:
    """Signed in on Monday at eight."""
    client = Client()
    with after(hours=0):
        enter(client, somebody())
        assert is_in(client)
    return client


# --- how long -----------------------------------------------------------------
@pytest.mark.parametrize("somebody", [a_clinician, a_manager])
def test_after_an_hour_without_a_request_a_physiotherapist_is_signed_out(somebody):
    client = at_work(somebody)
    with after(minutes=59):
        assert is_in(client)
    with after(minutes=59 + 59):
        assert is_in(client)
    with after(minutes=59 + 59 + 61):
        answer = client.get(reverse("programmes") + "?stage=2")
        assert answer.url == "/accounts/login/?next=%2Fprogrammes%2F%3Fstage%3D2"
        assert "You were signed out" in client.get(answer.url).content.decode()
        assert not is_in(client)


def test_after_twelve_hours_she_is_signed_out_whatever_she_did():
    client = at_work()
    for minutes in range(30, 12 * 60, 30):
        with after(minutes=minutes):
            assert is_in(client)
    with after(hours=12, minutes=1):
        assert not is_in(client)


def test_who_never_came_back_after_signing_in_is_signed_out_too():
    client = Client()
    with after(hours=0):
        enter(client, a_clinician())
    with after(hours=13):
        assert not is_in(client)


def test_both_limits_are_settings(settings):
    settings.REHAB_IDLE_MINUTES = 10
    client = at_work()
    with after(minutes=11):
        assert not is_in(client)


def test_a_form_that_comes_too_late_changes_nothing():
    client = at_work()
    with after(hours=2):
        answer = client.post(reverse("account_change_password"), {"oldpassword": PASSWORD})
        assert answer.url == reverse("account_login")


def test_a_runner_stays_signed_in_while_she_comes_every_week(monday):
    rosa, client = a_runner(), Client()
    password_step(client, rosa)
    for week in range(1, 6):
        with after(weeks=week):
            assert is_in(client)
    with after(weeks=5 + 3):
        assert not is_in(client)


def test_a_visit_is_noted_once_a_minute_and_not_with_every_page(django_assert_num_queries, monday):
    rosa, client = a_runner(), Client()
    password_step(client, rosa)
    client.get(reverse("account"))
    with django_assert_num_queries(3):  # the session, its user, and whom her clinic tells her to call
        client.get(reverse("safety"))
    with after(minutes=2):
        client.get(reverse("account"))
        assert UserSession.objects.get().last_seen_at == timezone.now()


def test_a_page_for_strangers_asks_for_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        Client().get(reverse("safety"))


# --- who ends them -------------------------------------------------------------------
def test_each_session_is_listed_in_words_and_can_be_ended():
    rosa, phone, desk = a_runner(), Client(headers={"user-agent": FIREFOX}), Client()
    for client in (phone, desk):
        password_step(client, rosa)
    page = desk.get(reverse("usersessions_list")).content.decode()
    assert "Firefox on Windows" in page
    other = UserSession.objects.exclude(session_key=desk.session.session_key).get()
    desk.post(reverse("usersessions_list"), {"session": other.pk})
    assert not is_in(phone)
    assert is_in(desk)


def test_all_others_are_ended_at_once():
    rosa, desk = a_runner(), Client()
    others = [Client() for _ in range(3)]
    for client in (*others, desk):
        password_step(client, rosa)
    desk.post(reverse("usersessions_list"))
    assert [is_in(client) for client in (*others, desk)] == [False, False, False, True]


def test_ending_ones_own_session_is_signing_out():
    client = Client()
    password_step(client, a_runner())
    answer = client.post(reverse("usersessions_list"), {"session": UserSession.objects.get().pk}, follow=True)
    assert not is_in(client)
    assert answer.status_code == 200


@pytest.mark.parametrize("session", ["hers", "0", "-1", "9" * 30, "x"])
def test_nobody_ends_somebody_elses_session(session):
    rosa, ruth = Client(), Client()
    password_step(rosa, a_runner())
    hers = UserSession.objects.get().pk
    password_step(ruth, a_runner("ruth@example.org"))
    answer = ruth.post(reverse("usersessions_list"), {"session": hers if session == "hers" else session})
    assert led_to(answer) == reverse("usersessions_list")
    assert is_in(rosa)
    assert is_in(ruth)


def test_whoever_is_deactivated_is_out_at_the_next_request():
    petra = a_clinician()
    client = Client()
    enter(client, petra)
    assert is_in(client)
    User.objects.filter(pk=petra.pk).update(is_active=False)
    assert led_to(client.get(reverse("account"))) == reverse("account_login")


def test_whoever_is_deactivated_between_password_and_code_does_not_get_in():
    petra = a_clinician()
    client = Client()
    password_step(client, petra)
    User.objects.filter(pk=petra.pk).update(is_active=False)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(client)


def test_a_session_gets_a_new_key_when_somebody_signs_in():
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    password_step(client, a_runner())
    assert client.session.session_key != before
    assert not Client().session.exists(before)


def test_a_new_password_ends_every_other_session():
    rosa, here, elsewhere = a_runner(), Client(), Client()
    for client in (here, elsewhere):
        password_step(client, rosa)
    before = here.session.session_key
    new = dict.fromkeys(("password1", "password2"), "another calm kilometre")
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD} | new)
    assert is_in(here)
    assert not is_in(elsewhere)
    assert here.session.session_key != before


def test_signing_out_leaves_nothing():
    client = signed_in(a_runner())
    key = client.session.session_key
    client.post(reverse("account_logout"))
    assert not client.session.exists(key)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_words(user_agent, words):
    assert device(user_agent) == words
