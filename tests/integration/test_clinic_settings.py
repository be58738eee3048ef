"""What a clinic lays down: who may change it, what is refused, and where it takes effect."""

import datetime
import zoneinfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Clinic, Membership, User
from accounts.selectors.clinic_defaults import AS_THE_SITE, defaults_of
from accounts.services import grant_consent
from accounts.services.clinic_settings import ClinicSettings, change_settings
from accounts.services.covers import start_cover
from accounts.services.errors import Refused
from programs.engine.calendar import closing_instant
from programs.models import Decision, Enrolment
from programs.presentation import dialled
from programs.services.days import close_due
from programs.services.diary import report_red_flags
from programs.services.people import change_time_zone
from programs.services.verification import LedgerReport, verify_ledger
from programs.snapshots import contacts, contacts_of
from tests.access.bodies import CLINIC_SETTINGS
from tests.integration.story import Story
from tests.support.clinics import DAY, NOW, a_clinic, a_colleague, runners_of
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db
SOUND = {
    "close_hour": 4,
    "emergency_number": "+44 20 7946 0000",
    "urgent_service": "the practice, 0123 456789",
    "tells_of_red_flags": "everybody",
    "silent_from_days": 3,
    "time_zone": "Europe/London",
    "opens_at": datetime.time(9),
    "shuts_at": datetime.time(17),
    "working_days": [1, 2, 3, 4, 5],
    "red_flags_at_night": True,
    "mails_name_runners": False,
}

#: As it is kept: what a phone dials.
NUMBER = "+442079460000"


@pytest.fixture
def petra() -> User:
    petra = a_clinician()
    a_clinic(petra, a_colleague(), leads=(petra,))
    return petra


def set_to(by: User, **values) -> bool:
    clinic = Clinic.objects.get(memberships__clinician=by)
    return change_settings(clinic=clinic, by=by, now=NOW, values=ClinicSettings(**{**SOUND, **values}))


# --- who may, and what is refused --------------------------------------------------------------
def test_a_lead_sets_it_and_who_and_when_are_kept(petra):
    assert set_to(petra)
    clinic = Clinic.objects.get()
    assert (clinic.close_hour, clinic.emergency_number) == (4, NUMBER)
    assert (clinic.settings_changed_at, clinic.settings_changed_by) == (NOW, petra)
    assert not set_to(petra)


def test_a_colleague_and_a_lead_of_another_clinic_may_not(petra):
    paul = User.objects.get(name="Paul Physio")
    with pytest.raises(Refused):
        set_to(paul)
    assert Clinic.objects.get().settings_changed_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("close_hour", 13),
        ("close_hour", -1),
        ("emergency_number", "nine nine nine"),
        ("emergency_number", "1"),
        ("emergency_number", "+44 (0)20 7946 0000"),
        ("emergency_number", "112\n113"),
        ("emergency_number", "1" * 31),
        ("urgent_service", "x" * 121),
        ("tells_of_red_flags", "nobody"),
        ("silent_from_days", 0),
        ("silent_from_days", 15),
        ("time_zone", "Mars/Olympus"),
        ("shuts_at", datetime.time(9)),
        ("working_days", []),
        ("working_days", [0]),
        ("working_days", [8]),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(petra, field, value):
    with pytest.raises(Refused) as refused:
        set_to(petra, **{field: value})
    assert refused.value.field == field
    assert Clinic.objects.get().settings_changed_at is None


# --- pages -------------------------------------------------------------------------------------
def test_the_page_saves_and_a_form_with_a_fault_comes_back_filled_in(petra):
    address = reverse("clinic_settings", args=[Clinic.objects.get().public_id])
    browser = signed_in(petra)
    assert browser.get(address).status_code == 200
    back = browser.post(address, {**CLINIC_SETTINGS, "emergency_number": "call me", "shuts_at": "07:00"})
    page = back.content.decode()
    assert "Enter only what a phone can dial" in page and "must shut after it opens" in page
    assert 'value="call me"' in page
    assert browser.post(address, CLINIC_SETTINGS).status_code == 302
    clinic = Clinic.objects.get()
    assert (clinic.close_hour, clinic.working_days, clinic.silent_from_days) == (4, [1, 2, 3, 4, 5, 6], 4)


def test_mails_of_the_night_and_names_in_mails_are_set_and_never_by_leaving_them_out(petra):
    address = reverse("clinic_settings", args=[Clinic.objects.get().public_id])
    browser = signed_in(petra)
    set_to(petra)
    without = {name: value for name, value in CLINIC_SETTINGS.items() if name != "red_flags_at_night"}
    assert "Choose one of the two." in browser.post(address, without).content.decode()
    browser.post(address, CLINIC_SETTINGS | {"red_flags_at_night": "no", "mails_name_runners": "yes"})
    clinic = Clinic.objects.get()
    assert (clinic.red_flags_at_night, clinic.mails_name_runners) == (False, True)
    page = browser.get(reverse("my_clinic")).content.decode()
    assert "wait for the end of quiet hours" in page and "name runners and their reasons" in page
    shown = browser.get(address).context["form"]
    assert (shown["red_flags_at_night"].value(), shown["mails_name_runners"].value()) == ("no", "yes")


def test_colleagues_read_it_and_find_no_form(petra):
    set_to(petra)
    browser = signed_in(User.objects.get(name="Paul Physio"))
    page = browser.get(reverse("my_clinic")).content.decode()
    assert NUMBER in page
    assert "Change how the clinic works" not in page
    address = reverse("clinic_settings", args=[Clinic.objects.get().public_id])
    assert browser.get(address).status_code == browser.post(address, CLINIC_SETTINGS).status_code == 404


# --- which clinic holds ------------------------------------------------------------------------
def test_the_clinic_of_the_oldest_own_grant_holds_in_one_query_for_many(petra):
    set_to(petra)
    hers = runners_of(petra, 3)
    olga = a_clinician("olga@example.org", "Olga Other")
    others = runners_of(olga)
    grant_consent(runner=hers[0], clinician=olga, now=NOW - DAY)
    grant_consent(runner=others[0], clinician=petra, now=NOW - DAY)
    ids = [runner.pk for runner in (*hers, *others)]
    with CaptureQueriesContext(connection) as counted:
        found = defaults_of(ids, NOW)
    assert len(counted) == 1
    assert {found[runner.pk].close_hour for runner in hers} == {4}
    assert found[others[0].pk] == AS_THE_SITE


def test_a_cover_a_membership_that_ended_and_a_closed_account_lay_nothing_down(petra):
    set_to(petra)
    paul = User.objects.get(name="Paul Physio")
    (runner,) = runners_of(petra)
    start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + DAY, now=NOW)
    assert defaults_of([runner.pk], NOW)[runner.pk].close_hour == 4
    Membership.objects.filter(clinician=petra).update(left_at=NOW, left_by=petra)
    assert defaults_of([runner.pk], NOW)[runner.pk] == AS_THE_SITE
    Membership.objects.filter(clinician=petra).update(left_at=None, left_by=None)
    User.objects.filter(pk=petra.pk).update(is_active=False)
    assert defaults_of([runner.pk], NOW)[runner.pk] == AS_THE_SITE


# --- whom to call ------------------------------------------------------------------------------
def test_the_clinics_numbers_reach_every_place_that_names_one(petra):
    set_to(petra)
    story = Story()
    story.seen_by(petra)
    enrolment = story.enrolment
    assert contacts(story.runner) == contacts_of(enrolment)
    assert contacts_of(enrolment).emergency_number == dialled(NUMBER) == NUMBER
    report_red_flags(enrolment=enrolment, by=story.runner, now=story.at(3), codes=("CE_SADDLE",))
    browser = signed_in(story.runner)
    for name in ("paused", "safety", "today"):
        assert NUMBER in browser.get(reverse(name)).content.decode(), name
    assert f"United Kingdom ({NUMBER})" in browser.get(reverse("settings")).content.decode()
    stored = Decision.objects.filter(enrolment=enrolment).latest("pk").inputs
    assert NUMBER in str(stored["contacts"])
    set_to(petra, emergency_number="112")
    assert list(verify_ledger(LedgerReport())) == []


def test_a_country_that_she_chose_wins_and_a_number_that_is_not_given_is_the_sites(petra):
    set_to(petra, urgent_service="")
    (runner,) = runners_of(petra)
    assert contacts(runner).urgent_service == contacts().urgent_service
    runner.country = "US"
    assert contacts(runner).emergency_number == "911"


# --- the hour of the close ---------------------------------------------------------------------
def test_a_new_hour_counts_from_the_next_day_that_begins(petra):
    story = Story()
    story.seen_by(petra)
    before = story.enrolment.closes_at
    set_to(petra, close_hour=6)
    assert story.enrolment.closes_at == before
    close_due(now=before, job="tests")
    after = story.enrolment
    assert after.closes_at == closing_instant(after.open_date, story.zone, 6)
    change_time_zone(user=story.runner, time_zone="Asia/Tokyo", now=before)
    assert story.enrolment.closes_at == closing_instant(after.open_date, zoneinfo.ZoneInfo("Asia/Tokyo"), 6)


def test_a_batch_of_many_reads_the_clinics_once(petra):
    stories = [Story(n) for n in range(1, 6)]
    for story in stories:
        story.seen_by(petra)
    due = stories[0].enrolment.closes_at
    with CaptureQueriesContext(connection) as counted:
        close_due(now=due, job="tests")
    assert sum("accounts_membership" in query["sql"] for query in counted) == 1


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=4), st.sampled_from([25, 26, 27]))
def test_whatever_the_hours_no_date_is_skipped_or_closed_twice(hours, first):
    """Over the night in which the clocks of London change (29 March 2026), both ways of the hour."""
    zone = zoneinfo.ZoneInfo("Europe/London")
    date = datetime.date(2026, 3, first)
    closes = closing_instant(date, zone, 3)
    for hour in hours:
        following = closing_instant(date + DAY, zone, hour)
        assert following > closes
        date, closes = date + DAY, following


def test_hours_up_and_down_over_a_clock_change_close_each_date_once(petra):
    story = Story()
    story.seen_by(petra)
    Enrolment.objects.filter(pk=story.pk).update(
        decided_through=story.date(25), closes_at=closing_instant(story.date(26), story.zone, 3)
    )
    for hour in (12, 0, 5, 12, 0):
        set_to(petra, close_hour=hour)
        close_due(now=story.enrolment.closes_at, job="tests")
    dates = list(Decision.objects.filter(enrolment=story.pk).order_by("pk").values_list("date", flat=True))
    assert dates == [story.date(day) for day in range(26, 31)]
