"""A colleague covers for a holiday: for so many days, for those who agreed, ended at any time."""

import datetime
import re
import zoneinfo

import pytest
from django.urls import reverse

from accounts.forms.hand_over import CoverForm
from accounts.models import AccessRecord, AccountMail, Consent, User
from accounts.selectors.covers import covering, covers_page
from accounts.services import grant_consent, revoke_consent
from accounts.services.clinics import leave_clinic
from accounts.services.covers import end_cover, start_cover
from accounts.services.errors import Refused
from programs.selectors.caseload import caseload_page
from tests.builders import an_enrolment, the_library
from tests.support.clinics import (
    DAY,
    HOUR,
    NOW,
    a_clinic,
    a_colleague,
    mails_to,
    runners_of,
    seen_by,
)
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db
END = NOW + 10 * DAY


@pytest.fixture
def petra() -> User:
    return a_clinician()


@pytest.fixture
def paul(petra) -> User:
    paul = a_colleague()
    a_clinic(petra, paul)
    return paul


def covered(clinician: User, colleague: User, **fields) -> int:
    days = {"begins_at": NOW, "ends_at": END, "now": NOW}
    return start_cover(clinician=clinician, colleague=colleague, **(days | fields))


def membership_of(person: User):
    return person.memberships.get(left_at__isnull=True)


# --- what it gives, and for how long ------------------------------------------------------------
def test_the_colleague_sees_them_from_the_first_moment_to_the_last_and_not_after(petra, paul):
    runners = set(runners_of(petra, 2))
    begins = NOW + DAY
    assert covered(petra, paul, begins_at=begins) == 2
    hour_by_hour = {
        now: seen_by(paul, now) for now in (NOW, begins - HOUR, begins, END - HOUR, END, END + DAY)
    }
    assert [len(seen) for seen in hour_by_hour.values()] == [0, 0, 2, 2, 0, 0]
    assert hour_by_hour[begins] == runners
    assert seen_by(petra, begins) == runners


def test_runners_the_colleague_and_the_record_are_told(petra, paul):
    (rae,) = runners_of(petra)
    covered(petra, paul, ends_at=NOW + 9 * DAY + 15 * HOUR)  # midnight of the 12th
    assert mails_to(rae) == ["cover"]
    assert mails_to(paul) == ["cover_begins"]
    mail = AccountMail.objects.get(kind="cover")
    assert "Monday 2 March 2026 to Wednesday 11 March 2026" in mail.text
    assert "Monday 2 March 2026 to Wednesday 11 March 2026" in mail.html
    row = AccessRecord.objects.get(runner=rae, at=NOW)
    assert (row.actor, row.act, row.detail) == (petra, "consent", "Paul Physio covers for Petra Physio")


def test_a_mail_to_the_colleague_names_no_runner(petra, paul):
    runners_of(petra)
    covered(petra, paul)
    mail = AccountMail.objects.get(kind="cover_begins")
    assert "Rae" not in mail.subject + mail.text + mail.html


# --- who is left out ------------------------------------------------------------------------------
def test_the_older_wording_said_nothing_of_covers(petra, paul):
    rae, sue = runners_of(petra, 2)
    Consent.objects.filter(runner=rae).update(text_version=1)
    assert covered(petra, paul) == 1
    assert seen_by(paul) == {sue}
    assert mails_to(rae) == []


def test_an_existing_grant_to_the_colleague_stays_what_it_is(petra, paul):
    (rae,) = runners_of(petra)
    grant_consent(runner=rae, clinician=paul, now=NOW - DAY)
    assert covered(petra, paul) == 0
    assert seen_by(paul, END + DAY) == {rae}
    assert not AccountMail.objects.exists()


def test_whoever_ended_this_colleagues_access_is_not_brought_back(petra, paul):
    rae, sue = runners_of(petra, 2)
    covered(petra, paul)
    revoke_consent(runner=rae, clinician=paul, now=NOW + DAY)
    assert seen_by(paul, NOW + DAY) == {sue}
    again = {"begins_at": NOW, "ends_at": END, "now": NOW + 2 * DAY}
    assert covered(petra, paul, **again) == 1
    assert seen_by(paul, NOW + 2 * DAY) == {sue}


def test_letting_the_colleague_in_again_makes_it_good(petra, paul):
    (rae,) = runners_of(petra)
    grant_consent(runner=rae, clinician=paul, now=NOW - 5 * DAY)
    revoke_consent(runner=rae, clinician=paul, now=NOW - 4 * DAY)
    assert covered(petra, paul) == 0
    grant_consent(runner=rae, clinician=paul, now=NOW)
    assert seen_by(paul) == {rae}


def test_a_cover_that_fell_with_its_consent_says_nothing_of_the_colleague(petra, paul):
    (rae,) = runners_of(petra)
    covered(petra, paul)
    revoke_consent(runner=rae, clinician=petra, now=NOW + DAY)
    assert seen_by(paul, NOW + DAY) == set()
    grant_consent(runner=rae, clinician=petra, now=NOW + 2 * DAY)
    assert covered(petra, paul, now=NOW + 2 * DAY) == 1


def test_nobody_passes_on_what_she_only_covers(petra, paul):
    olga = a_colleague("Olga Physio")
    membership_of(petra).clinic.memberships.create(clinician=olga, joined_at=NOW)
    runners_of(petra)
    covered(petra, paul)
    assert covered(paul, olga) == 0
    assert seen_by(olga) == set()


def test_where_she_covers_for_another_already_that_cover_stays(petra, paul):
    olga = a_colleague("Olga Physio")
    membership_of(petra).clinic.memberships.create(clinician=olga, joined_at=NOW)
    (rae,) = runners_of(petra)
    grant_consent(runner=rae, clinician=olga, now=NOW - DAY)
    covered(olga, paul, ends_at=NOW + 20 * DAY)
    assert covered(petra, paul, ends_at=NOW + 3 * DAY) == 0
    assert seen_by(paul, NOW + 5 * DAY) == {rae}


# --- days -------------------------------------------------------------------------------------------
def test_at_most_28_days_by_the_clock_on_the_wall(petra, paul):
    """Berlin's clocks go forward on 29 March and back on 25 October: 28 days have an hour less, or more."""
    User.objects.filter(pk=petra.pk).update(time_zone="Europe/Berlin")
    petra.refresh_from_db()
    zone = zoneinfo.ZoneInfo("Europe/Berlin")
    for month in (3, 10):
        runners_of(petra)
        begins = datetime.datetime(2026, month, 10, tzinfo=zone)
        for days, fits in ((29, False), (28, True)):
            ends = datetime.datetime(2026, month, 10, tzinfo=zone) + datetime.timedelta(days=days)
            if fits:
                assert covered(petra, paul, begins_at=begins, ends_at=ends, now=begins - DAY)
            else:
                with pytest.raises(Refused, match="at most 28 days"):
                    covered(petra, paul, begins_at=begins, ends_at=ends, now=begins - DAY)


@pytest.mark.parametrize(
    ("begins", "ends", "says"),
    [
        (NOW + DAY, NOW + DAY, "must end after it begins"),
        (NOW + 2 * DAY, NOW + DAY, "must end after it begins"),
        (NOW - 9 * DAY, NOW - DAY, "must end after it begins"),
        (NOW + 400 * DAY, NOW + 401 * DAY, "within a year"),
        (NOW, NOW + 28 * DAY + HOUR, "at most 28 days"),
    ],
)
def test_days_that_make_no_cover_are_refused(petra, paul, begins, ends, says):
    runners_of(petra)
    with pytest.raises(Refused, match=says):
        covered(petra, paul, begins_at=begins, ends_at=ends)
    assert seen_by(paul) == set()


def test_the_same_days_once_more_cover_who_came_since_and_tell_nobody_twice(petra, paul):
    (rae,) = runners_of(petra)
    covered(petra, paul)
    (sue,) = runners_of(petra)
    assert covered(petra, paul, now=NOW + HOUR) == 2
    assert covered(petra, paul, now=NOW + 2 * HOUR) == 2
    assert seen_by(paul, NOW + 2 * HOUR) == {rae, sue}
    assert (mails_to(rae), mails_to(sue)) == (["cover"], ["cover"])


def test_other_days_do_not_replace_a_cover_that_is_going_on(petra, paul):
    (rae,) = runners_of(petra)
    covered(petra, paul)
    with pytest.raises(Refused, match="on other days already"):
        covered(petra, paul, begins_at=NOW + 90 * DAY, ends_at=NOW + 95 * DAY)
    assert seen_by(paul, NOW + DAY) == {rae}


def test_once_it_has_run_out_the_next_holiday_can_be_covered(petra, paul):
    (rae,) = runners_of(petra)
    covered(petra, paul)
    summer = NOW + 90 * DAY
    assert covered(petra, paul, begins_at=summer, ends_at=summer + DAY, now=END + DAY) == 1
    assert seen_by(paul, summer) == {rae}
    first = Consent.objects.filter(via="cover").earliest("pk")
    assert first.revoked_at == first.expires_at == END


# --- its end ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", ["petra", "paul"])
def test_either_of_the_two_ends_it_early_and_the_other_is_told(petra, paul, by):
    runners_of(petra, 2)
    covered(petra, paul)
    person, other = {"petra": (petra, paul), "paul": (paul, petra)}[by]
    assert end_cover(clinician=petra, colleague=paul, by=person, now=NOW + DAY) == 2
    assert end_cover(clinician=petra, colleague=paul, by=person, now=NOW + DAY) == 0
    assert seen_by(paul, NOW + DAY) == set()
    assert len(seen_by(petra, NOW + DAY)) == 2
    assert mails_to(other).count("cover_ended") == 1
    assert "cover_ended" not in mails_to(person)


def test_nobody_else_ends_it(petra, paul):
    (rae,) = runners_of(petra)
    covered(petra, paul)
    for by in (a_colleague("Nell Next"), rae):
        with pytest.raises(Refused):
            end_cover(clinician=petra, colleague=paul, by=by, now=NOW + DAY)


@pytest.mark.parametrize("who", ["petra", "paul"])
def test_a_colleague_who_leaves_in_the_middle_takes_the_cover_along_and_nothing_else(petra, paul, who):
    (rae,) = runners_of(petra)
    (of_paul,) = runners_of(paul)
    covered(petra, paul)
    person, other = {"petra": (petra, paul), "paul": (paul, petra)}[who]
    leave_clinic(membership=membership_of(person), by=person, now=NOW + DAY)
    assert seen_by(paul, NOW + DAY) == {of_paul}
    assert seen_by(petra, NOW + DAY) == {rae}
    assert mails_to(other).count("cover_ended") == 1


def test_other_covers_of_the_clinic_stay(petra, paul):
    olga, uma = a_colleague("Olga Physio"), a_colleague("Uma Physio")
    for colleague in (olga, uma):
        membership_of(petra).clinic.memberships.create(clinician=colleague, joined_at=NOW)
    runners_of(petra)
    of_olga = set(runners_of(olga))
    covered(petra, paul)
    covered(olga, uma)
    leave_clinic(membership=membership_of(paul), by=paul, now=NOW + DAY)
    assert seen_by(uma, NOW + DAY) == of_olga


def test_a_cover_that_has_not_begun_can_be_ended(petra, paul):
    runners_of(petra)
    covered(petra, paul, begins_at=NOW + 5 * DAY)
    assert end_cover(clinician=petra, colleague=paul, by=petra, now=NOW + DAY) == 1
    assert seen_by(paul, NOW + 6 * DAY) == set()


def test_colleagues_of_two_clinics_do_not_cover_for_each_other(petra, paul):
    nell = a_colleague("Nell Next")
    a_clinic(nell, name="Next Door")
    runners_of(petra)
    for colleague in (nell, petra, a_colleague("Ada Alone")):
        with pytest.raises(Refused, match="Choose a colleague"):
            covered(petra, colleague)


def test_the_number_of_queries_grows_by_the_mails_alone(petra, paul, django_assert_max_num_queries):
    runners_of(petra, 12)
    with django_assert_max_num_queries(12 + 12):
        covered(petra, paul)


# --- pages -------------------------------------------------------------------------------------------
def test_the_page_groups_covers_by_pair_and_days(petra, paul, django_assert_num_queries):
    runners_of(petra, 3)
    runners_of(paul, 2)
    covered(petra, paul)
    covered(paul, petra, begins_at=NOW + 12 * DAY, ends_at=NOW + 14 * DAY + 15 * HOUR)
    with django_assert_num_queries(4):
        page = covers_page(clinician=petra, now=NOW)
    (mine,), (theirs,) = page.for_you, page.by_you
    assert (mine.colleague, mine.runners, mine.has_begun, page.runners) == ("Paul Physio", 3, True, 3)
    assert (theirs.clinician, theirs.runners, theirs.has_begun) == ("Paul Physio", 2, False)
    assert (theirs.first_day, theirs.last_day) == (datetime.date(2026, 3, 14), datetime.date(2026, 3, 16))


def test_a_cover_is_arranged_and_ended_on_the_pages(petra, paul):
    runners_of(petra, 2)
    browser = signed_in(petra)
    today = datetime.datetime.now(datetime.UTC).date()
    sent = {
        "colleague": str(paul.public_id),
        "begins": today.isoformat(),
        "until": (today + datetime.timedelta(days=6)).isoformat(),
    }
    answer = browser.post(reverse("cover_new"), sent, follow=True)
    assert "Paul Physio covers for 2 of your runners" in answer.content.decode()
    cover = Consent.objects.filter(via="cover").latest("pk")
    assert cover.expires_at - cover.granted_at > datetime.timedelta(days=6)
    answer = signed_in(paul).post(reverse("cover_end", args=[cover.public_id]), follow=True)
    assert "no longer covers for Petra Physio" in answer.content.decode()
    cover.refresh_from_db()
    assert cover.revoked_by == paul


def test_the_cover_of_two_others_does_not_exist(petra, paul):
    runners_of(petra)
    covered(petra, paul)
    cover = Consent.objects.get(via="cover")
    for who in (a_colleague("Olga Physio"), a_colleague("Nell Next")):
        assert signed_in(who).post(reverse("cover_end", args=[cover.public_id])).status_code == 404


TODAY = datetime.date(2026, 3, 2)


def cover_form(begins: str, until: str, zone: str = "Europe/London") -> CoverForm:
    colleague = "0e4d2b52-6a6b-4a0e-9d3a-0a8f5d6d1c11"
    return CoverForm(
        {"colleague": colleague, "begins": begins, "until": until},
        colleagues=((colleague, "Paul"),),
        today=TODAY,
        zone=zoneinfo.ZoneInfo(zone),
    )


@pytest.mark.parametrize(
    ("begins", "until", "field"),
    [
        ("2026-03-01", "2026-03-05", "begins"),
        ("9999-12-31", "9999-12-31", "begins"),
        ("0001-01-01", "2026-03-05", "begins"),
        ("2026-03-05", "9999-12-31", "until"),
        ("2026-03-05", "2026-03-04", "until"),
        ("2026-03-05", "2026-04-02", "until"),
        ("2026-03-05", "", "until"),
        ("tomorrow", "2026-03-05", "begins"),
    ],
)
def test_the_form_says_which_day_is_wrong(begins, until, field):
    assert field in cover_form(begins, until).errors


def test_both_days_count_and_the_clinicians_own_midnight_begins_and_ends_them():
    form = cover_form("2026-03-05", "2026-04-01", "Africa/Cairo")
    assert not form.errors
    begins_at, ends_at = form.instants
    assert begins_at == datetime.datetime(2026, 3, 4, 22, tzinfo=datetime.UTC)
    assert ends_at == datetime.datetime(2026, 4, 1, 22, tzinfo=datetime.UTC)


def test_a_midnight_that_a_clock_change_skips_is_the_moment_after_it():
    """In Cairo the clock goes from 24 April, 0:00, to 1:00."""
    form = cover_form("2026-04-24", "2026-04-25", "Africa/Cairo")
    assert not form.errors
    assert form.instants[0] == datetime.datetime(2026, 4, 23, 22, tzinfo=datetime.UTC)


# --- on the caseload ---------------------------------------------------------------------------------
def test_the_caseload_says_for_whom_she_covers(petra, paul):
    the_library()
    (rae,) = runners_of(petra)
    (own,) = runners_of(paul)
    for runner in (rae, own):
        an_enrolment(runner, now=NOW)
    covered(petra, paul, ends_at=NOW + 9 * DAY + 15 * HOUR)
    assert covering(clinician=paul, now=NOW + DAY).keys() == {rae.pk}
    rows = {row.runner_id: row for row in caseload_page(clinician=paul, now=NOW + DAY).rows}
    assert rows[rae.pk].covering.clinician == "Petra Physio"
    assert rows[rae.pk].covering.last_day == datetime.date(2026, 3, 11)
    assert rows[own.pk].covering is None
    assert not [row for row in caseload_page(clinician=petra, now=NOW + DAY).rows if row.covering]


def test_the_page_of_the_caseload_shows_it(petra, paul):
    the_library()
    (rae,) = runners_of(petra)
    an_enrolment(rae)
    now = datetime.datetime.now(datetime.UTC)
    covered(petra, paul, begins_at=now, ends_at=now + 3 * DAY, now=now)
    page = " ".join(signed_in(paul).get(reverse("caseload")).content.decode().split())
    assert re.search(r"Covering for Petra Physio until \d+ \w+", page)
