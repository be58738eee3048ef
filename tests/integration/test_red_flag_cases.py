"""Every red flag has an owner until somebody ends the pause, and none stays unseen in silence."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import AccessRecord, Clinic, Membership
from accounts.services import grant_consent, revoke_consent
from accounts.services.covers import start_cover
from programs.mail_contents import contents_of
from programs.models import Enrolment, MessageOwed, RedFlagCase
from programs.selectors.caseload import caseload_page
from programs.services.delivery import deliver_due
from programs.services.diary import report_red_flags
from programs.services.discharges import leave
from programs.services.erasure import erase
from programs.services.errors import NotLetIn, Refused
from programs.services.overrides import clear_pause
from programs.services.red_flag_cases import PRESSING, take_case
from programs.services.self_clear import Statement, clear_by_own_statement
from programs.services.watch import watch_red_flags
from tests.integration.story import Story
from tests.support.clinics import a_clinic, a_colleague
from tests.support.people import a_clinician, signed_in

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
NOON, TEN = datetime.time(12), datetime.time(10)
URGENT, EMERGENCY = "FEVER_UNWELL", "CE_SADDLE"


@pytest.fixture
def story() -> Story:
    """A runner of Petra, who works in a clinic that Lena leads; day 3 is a Wednesday."""
    story = Story()
    petra = story.seen_by()
    lena = a_colleague("Lena Lead")
    clinic = a_clinic(petra, lena, leads=(lena,))
    Clinic.objects.filter(pk=clinic.pk).update(time_zone="Europe/London")
    story.petra, story.lena, story.clinic = petra, lena, clinic
    return story


def sign(story: Story, code: str = URGENT, at: datetime.datetime | None = None) -> RedFlagCase:
    """She says that something is wrong, by default on Wednesday at ten."""
    report_red_flags(enrolment=story.enrolment, by=story.runner, now=at or story.at(3, TEN), codes=(code,))
    return case_of(story)


def case_of(story: Story) -> RedFlagCase:
    return RedFlagCase.objects.get(enrolment=story.pk, closed_at__isnull=True)


def take(story: Story, by, at: datetime.datetime, shown: str | None = None) -> RedFlagCase:
    case = case_of(story)
    return take_case(case=case, by=by, now=at, shown=case.as_shown if shown is None else shown)


def told(story: Story) -> list[tuple[str, str]]:
    """To whom a notice is owed, or was, and what became of it."""
    rows = MessageOwed.objects.filter(kind="flag_unseen").order_by("pk")
    return [(row.recipient.name, row.status) for row in rows.select_related("recipient")]


def is_whole() -> bool:
    """One open case for each pressing pause that goes on; of those who left only what nobody has seen."""
    pressing = Enrolment.objects.active().filter(refer__in=PRESSING).values_list("pk", flat=True)
    open_ones = RedFlagCase.objects.filter(closed_at__isnull=True)
    rows = open_ones.filter(enrolment__status="active").values_list("enrolment", flat=True)
    left = open_ones.exclude(enrolment__status="active")
    return sorted(pressing) == sorted(rows) and not left.filter(seen_at__isnull=False).exists()


# --- owners --------------------------------------------------------------------------------
def test_a_sign_opens_a_case_with_her_own_physiotherapist_in_the_same_moment(story):
    case = sign(story)
    assert (case.level, case.owner, case.opened_at) == ("urgent", story.petra, story.at(3, TEN))
    assert case.seen_at is None
    assert is_whole()


def test_the_oldest_grant_owns_it_and_a_routine_pause_has_no_case(story):
    grant_consent(runner=story.runner, clinician=story.lena, now=story.at(2))
    assert sign(story).owner == story.petra
    other = Story(2)
    Enrolment.objects.filter(pk=other.pk).update(refer="routine", paused_at=other.at(2))
    assert is_whole()


def test_whoever_covers_is_there_and_owns_it(story):
    start_cover(
        clinician=story.petra,
        colleague=story.lena,
        begins_at=story.at(2),
        ends_at=story.at(9),
        now=story.at(2),
    )
    assert sign(story).owner == story.lena


def test_a_more_pressing_level_or_another_sign_is_unseen_again_and_stays_with_whoever_took_it(story):
    grant_consent(runner=story.runner, clinician=story.lena, now=story.at(2))
    sign(story)
    take(story, story.lena, story.at(3, datetime.time(11)))
    assert case_of(story).seen_by == story.lena
    worse = sign(story, EMERGENCY, story.at(3, NOON))
    assert (worse.level, worse.owner, worse.seen_at) == ("emergency", story.lena, None)
    take(story, story.lena, story.at(3, datetime.time(13)))
    later = sign(story, "FRACTURE_FALL", story.at(3, datetime.time(14)))
    assert (later.level, later.opened_at, later.seen_at) == (
        "emergency",
        story.at(3, datetime.time(14)),
        None,
    )
    assert RedFlagCase.objects.count() == 1


def test_the_same_answer_again_is_no_new_sign(story):
    sign(story)
    take(story, story.petra, story.at(3, NOON))
    assert sign(story, URGENT, story.at(3, datetime.time(13))).seen_by == story.petra
    story.close(3)
    assert case_of(story).seen_by == story.petra


def test_a_day_that_cannot_be_decided_has_an_owner_all_the_same(story, monkeypatch):
    def broken(*_):
        raise ValueError("poison")

    monkeypatch.setattr("programs.services.red_flags.decide", broken)
    assert sign(story).owner == story.petra
    assert is_whole()


def test_ending_the_pause_closes_it(story):
    sign(story)
    now = story.at(4, TEN)
    clear_pause(
        enrolment=story.enrolment,
        by=story.petra,
        now=now,
        reason="seen and well",
        assessed_by="Dr Ada Ames",
        assessed_on=story.date(4),
        reason_code="assessment",
    )
    case = RedFlagCase.objects.get()
    assert (case.closed_at, case.closed_by) == (now, story.petra)
    assert is_whole()


def test_a_runner_alone_has_a_case_without_owner_and_closes_it_herself():
    story = Story()
    assert sign(story).owner is None
    asked = ("BONE_HISTORY", "CE_BLADDER", "CE_SADDLE", "FEVER_UNWELL")
    with pytest.raises(Refused):
        clear_by_own_statement(
            enrolment=story.enrolment,
            by=story.runner,
            now=story.at(3),
            statement=Statement("Dr Ada Ames", story.date(3), "you may go on", ()),
        )
    story.close(3)
    clear_by_own_statement(
        enrolment=story.enrolment,
        by=story.runner,
        now=story.at(4),
        statement=Statement("Dr Ada Ames", story.date(4), "you may go on", asked),
    )
    assert RedFlagCase.objects.get().closed_by == story.runner
    assert is_whole()


# --- "I have seen this" ----------------------------------------------------------------------
def test_taking_it_twice_is_once_and_is_written_into_her_record(story):
    sign(story)
    case = take(story, story.petra, story.at(3, NOON))
    again = take(story, story.petra, story.at(3, datetime.time(13)), shown="whatever")
    assert again.seen_at == case.seen_at == story.at(3, NOON)
    rows = AccessRecord.objects.filter(act="override", actor=story.petra)
    assert [row.detail for row in rows] == ["your warning sign: seen, and looked after"]


def test_the_second_of_two_is_told_who_was_faster_and_may_take_it_over(story):
    grant_consent(runner=story.runner, clinician=story.lena, now=story.at(2))
    shown = sign(story).as_shown
    take(story, story.petra, story.at(3, NOON), shown)
    with pytest.raises(Refused, match="Petra Physio was faster"):
        take(story, story.lena, story.at(3, NOON), shown)
    assert take(story, story.lena, story.at(3, NOON)).owner == story.lena


def test_nobody_has_seen_a_sign_that_came_after_her_page(story):
    shown = sign(story).as_shown
    sign(story, EMERGENCY, story.at(3, NOON))
    with pytest.raises(Refused, match="has changed"):
        take(story, story.petra, story.at(3, NOON), shown)
    assert case_of(story).seen_at is None


def test_a_stranger_takes_nothing(story):
    sign(story)
    with pytest.raises(NotLetIn):
        take(story, story.lena, story.at(3, NOON))
    revoke_consent(runner=story.runner, clinician=story.petra, now=story.at(3, NOON))
    with pytest.raises(NotLetIn):
        take(story, story.petra, story.at(3, NOON))


def test_the_button_of_the_page(story):
    case = sign(story)
    browser = signed_in(story.petra)
    answer = browser.post(
        reverse("red_flag_take", args=[case.public_id]), {"shown": case.as_shown}, follow=True
    )
    assert "You look after this red flag now" in answer.content.decode()
    assert case_of(story).seen_by == story.petra
    assert signed_in(story.lena).post(reverse("red_flag_take", args=[case.public_id])).status_code == 404


# --- the watch -------------------------------------------------------------------------------
def test_four_working_hours_unseen_tell_the_lead_once_and_nothing_of_the_runner(story):
    sign(story)
    assert watch_red_flags(now=story.at(3, datetime.time(13, 59))).escalated == 0
    for minute in (0, 5, 10):
        watch_red_flags(now=story.at(3, datetime.time(14, minute)))
    assert told(story) == [("Lena Lead", "owed")]
    assert case_of(story).escalated_at == story.at(3, datetime.time(14))
    deliver_due(now=story.at(3, datetime.time(14, 1)))
    (letter,) = [m for m in mail.outbox if m.to == [story.lena.email]]
    words = letter.subject + letter.body + letter.alternatives[0][0]
    assert "Petra Physio" in words
    assert "urgent" in words.lower()
    for hidden in ("Runner 1", "R1", "runner1@example.org", str(story.enrolment.public_id)):
        assert hidden not in words


def test_a_lead_whom_the_runner_lets_in_gets_the_link(story):
    grant_consent(runner=story.runner, clinician=story.lena, now=story.at(2))
    sign(story)
    watch_red_flags(now=story.at(3, datetime.time(15)))
    deliver_due(now=story.at(3, datetime.time(15)), contents=contents_of)
    assert str(story.enrolment.public_id) in [m for m in mail.outbox if "red flag" in m.subject][0].body


def test_nights_and_weekends_do_not_count(story):
    sign(story, at=story.at(5, datetime.time(15)))
    assert watch_red_flags(now=story.at(7, datetime.time(20))).escalated == 0
    assert watch_red_flags(now=story.at(8, datetime.time(10, 59))).escalated == 0
    assert watch_red_flags(now=story.at(8, datetime.time(11))).escalated == 1


def test_what_is_seen_or_cleared_meanwhile_is_not_told(story):
    sign(story)
    watch_red_flags(now=story.at(3, datetime.time(15)))
    take(story, story.petra, story.at(3, datetime.time(15)))
    deliver_due(now=story.at(3, datetime.time(15)))
    assert told(story) == [("Lena Lead", "skipped")]
    assert MessageOwed.objects.get(kind="flag_unseen").outcome == "somebody has seen it"


def test_another_sign_of_the_same_day_is_told_once_more(story):
    Clinic.objects.update(opens_at=datetime.time(0), shuts_at=datetime.time(23, 59))
    sign(story, EMERGENCY, story.at(3, datetime.time(1)))
    watch_red_flags(now=story.at(3, datetime.time(6)))
    deliver_due(now=story.at(3, datetime.time(6)))
    assert told(story) == [("Lena Lead", "sent")]
    sign(story, URGENT, story.at(3, datetime.time(7)))
    watch_red_flags(now=story.at(3, NOON))
    assert told(story) == [("Lena Lead", "owed")]


def test_without_a_lead_everybody_else_with_access_is_told(story):
    Membership.objects.filter(clinician=story.lena).update(is_lead=False)
    other = a_clinician("olga@example.org", "Olga Other")
    grant_consent(runner=story.runner, clinician=other, now=story.at(2))
    sign(story)
    watch_red_flags(now=story.at(3, datetime.time(15)))
    assert told(story) == [("Olga Other", "owed")]


def test_where_there_is_nobody_to_tell_the_operator_is_told_until_somebody_is(story, caplog):
    Membership.objects.filter(clinician=story.lena).update(is_lead=False)
    sign(story)
    for _ in range(2):
        report = watch_red_flags(now=story.at(3, datetime.time(15)))
        assert "nobody to tell" in report.note
    assert case_of(story).escalated_at is None
    assert "nobody to tell" in caplog.text
    Membership.objects.filter(clinician=story.lena).update(is_lead=True)
    assert watch_red_flags(now=story.at(3, datetime.time(16))).escalated == 1


def test_whoever_loses_access_loses_the_case_and_the_next_has_four_hours_of_her_own(story):
    grant_consent(runner=story.runner, clinician=story.lena, now=story.at(2))
    sign(story)
    take(story, story.petra, story.at(3, NOON))
    revoke_consent(runner=story.runner, clinician=story.petra, now=story.at(4, datetime.time(9)))
    assert watch_red_flags(now=story.at(4, TEN)).passed_on == 1
    case = case_of(story)
    assert (case.owner, case.seen_at, case.owned_since) == (story.lena, None, story.at(4, TEN))
    assert case.escalated_at is None


def test_a_cover_that_runs_out_gives_it_back(story):
    start_cover(
        clinician=story.petra,
        colleague=story.lena,
        begins_at=story.at(2),
        ends_at=story.at(4),
        now=story.at(2),
    )
    sign(story)
    watch_red_flags(now=story.at(4, datetime.time(21)))
    assert case_of(story).owner == story.petra


def test_who_is_let_in_later_becomes_the_owner():
    story = Story()
    sign(story)
    petra = story.seen_by()
    watch_red_flags(now=story.at(4))
    assert case_of(story).owner == petra


def test_pauses_of_before_get_their_case_and_twice_is_once(story):
    sign(story)
    RedFlagCase.objects.all().delete()
    now = story.at(9, NOON)
    assert [watch_red_flags(now=now).opened for _ in range(2)] == [1, 0]
    case = case_of(story)
    assert (case.owner, case.opened_at, case.owned_since) == (story.petra, story.at(3, TEN), now)
    assert case.escalated_at is None
    assert is_whole()


# --- a clinic that wants its leads to know at once ---------------------------------------------
def test_the_leads_are_told_at_once_where_the_clinic_says_so(story):
    Clinic.objects.update(tells_of_red_flags="lead_too")
    sign(story)
    assert told(story) == [("Lena Lead", "owed")]
    deliver_due(now=story.at(3, TEN))
    (letter,) = [m for m in mail.outbox if m.to == [story.lena.email]]
    assert "Nobody has said yet" in letter.body
    watch_red_flags(now=story.at(3, datetime.time(15)))
    assert told(story) == [("Lena Lead", "owed")]


# --- a runner who leaves -----------------------------------------------------------------
def test_what_nobody_has_seen_stays_when_she_leaves(story):
    sign(story, EMERGENCY)
    leave(enrolment=story.enrolment, by=story.runner, now=story.at(3, NOON))
    case = case_of(story)
    assert (case.seen_at, case.closed_at) == (None, None)
    rows = caseload_page(clinician=story.petra, now=story.at(3, NOON)).rows
    assert [(row.public_id, row.need.code.value) for row in rows] == [
        (story.enrolment.public_id, "emergency")
    ]
    report = watch_red_flags(now=story.at(4, NOON))
    assert (report.escalated, report.failed) == (1, 0)
    deliver_due(now=story.at(4, NOON))
    assert ("Lena Lead", "sent") in told(story)
    take(story, story.petra, story.at(4, NOON))
    assert RedFlagCase.objects.get().closed_by == story.petra
    assert not caseload_page(clinician=story.petra, now=story.at(4, NOON)).rows
    assert is_whole()


def test_what_was_seen_is_over_when_she_leaves(story):
    sign(story)
    take(story, story.petra, story.at(3, NOON))
    leave(enrolment=story.enrolment, by=story.runner, now=story.at(3, NOON) + HOUR)
    assert RedFlagCase.objects.get().closed_by == story.runner
    assert not caseload_page(clinician=story.petra, now=story.at(4)).rows


def test_an_erasure_leaves_nothing_to_look_after(story):
    sign(story)
    erase(user=story.runner, now=story.at(3, NOON))
    report = watch_red_flags(now=story.at(5))
    assert (report.escalated, report.untold, report.failed) == (0, 0, 0)
    assert is_whole()


def test_where_nobody_may_look_any_more_it_ends_with_her(story):
    sign(story)
    leave(enrolment=story.enrolment, by=story.runner, now=story.at(3, NOON))
    revoke_consent(runner=story.runner, clinician=story.petra, now=story.at(3, NOON))
    watch_red_flags(now=story.at(4))
    assert RedFlagCase.objects.get().closed_by == story.runner
    assert watch_red_flags(now=story.at(9)).note == ""
