"""The demonstration's people have a second factor too; its page shows their code, and nobody else's, ever."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services.second_factor import add_authenticator_app
from programs.services.demo.people import MARA, PETRA, TOTP_SECRET
from rehab.management.commands.up import _sign_ins
from tests.integration.test_second_factor import code_step, is_in, led_to, password_step
from tests.support.people import a_clinician, signed_in, totp_code, without_second_factor

pytestmark = pytest.mark.django_db
SHOWN = re.compile(r"data-demonstration-code>(\d{6})<")


@pytest.fixture
def petra(settings):
    """As the demonstration makes her, in an installation that shows it."""
    settings.DEMO = True
    user = without_second_factor(a_clinician(PETRA, "Petra Lindqvist"))
    add_authenticator_app(user=user, secret=TOTP_SECRET, is_published=True)
    return user


def page_after_the_password(user: User) -> tuple[Client, str]:
    client = Client()
    password_step(client, user)
    return client, client.get(reverse("mfa_authenticate")).content.decode()


def test_the_shown_code_opens(petra):
    client, page = page_after_the_password(petra)
    code_step(client, SHOWN.search(page)[1])
    assert is_in(client)


def test_after_it_was_used_the_next_one_is_shown_and_opens_too(petra):
    first, page = page_after_the_password(petra)
    code_step(first, SHOWN.search(page)[1])
    second, page = page_after_the_password(petra)
    code_step(second, SHOWN.search(page)[1])
    assert is_in(second)
    _third, page = page_after_the_password(petra)
    assert "Open this page again in half a minute" in page


def test_without_the_demonstration_nothing_is_shown(petra, settings):
    settings.DEMO = False
    _client, page = page_after_the_password(petra)
    assert "data-demonstration-code" not in page
    assert totp_code(petra) not in page


def test_of_somebody_real_nothing_is_shown_in_the_demonstration_either(petra):
    real = a_clinician("real@example.org", "Real")
    _client, page = page_after_the_password(real)
    assert "Demonstration" not in page
    assert totp_code(real) not in page


def test_nothing_is_shown_before_the_password(petra):
    client = Client()
    assert led_to(client.get(reverse("mfa_authenticate"))) == reverse("account_login")
    client.post(reverse("account_login"), {"login": petra.email, "password": "not this one"})
    assert led_to(client.get(reverse("mfa_authenticate"))) == reverse("account_login")
    assert "data-demonstration-code" not in client.get(reverse("account_login")).content.decode()


def test_whoever_sets_up_an_app_of_her_own_is_shown_nothing_any_more(petra):
    add_authenticator_app(user=without_second_factor(petra), secret="A" * 32)
    _client, page = page_after_the_password(petra)
    assert "data-demonstration-code" not in page


def test_is_it_still_her_shows_it_as_well(petra):
    page = signed_in(petra, second_factor=False).get(reverse("mfa_reauthenticate")).content.decode()
    assert SHOWN.search(page)


def test_what_is_printed_at_the_start_says_where_the_code_is(settings):
    settings.DEMO = True
    lines = [line for line in _sign_ins() if "the page shows the code" in line]
    assert [address in " ".join(lines) for address in (PETRA, MARA, "rosa@rehab.example")] == [
        True,
        True,
        False,
    ]
