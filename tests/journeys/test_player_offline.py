"""A session that was opened once, without a connection: played, and reported on the form of the phone."""

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import becomes, offline
from tests.journeys.test_player import press

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_it_is_played_and_reported_without_a_connection(phone):
    phone.goto("/session/1/")
    becomes(phone, "() => caches.has('rehab-session')")
    offline(phone)
    phone.reload()
    press(phone, "Start")
    expect(phone.get_by_role("button", name="Pause")).to_be_visible()
    press(phone, "Stop, it hurts")
    phone.get_by_role("link", name="Write it down in the check-in").click()
    expect(phone.locator("input[name='session'][value='stopped_pain']")).to_be_checked()
    assert not phone.locator("input[name='rest']:checked, input[name='during']:checked").count()
