"""The end of a programme: a discharge, a runner who leaves, and what stays for both."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from accounts.services import revoke_consent
from programs.engine.values import Trigger
from programs.models import (
    Decision,
    Discharge,
    Enrolment,
    MessageKind,
    MessageOwed,
    MessageStatus,
    RedFlagCase,
)
from programs.services.days import close_due
from programs.services.delivery import deliver_due
from programs.services.discharges import discharge, leave
from programs.services.errors import NotLetIn, Refused
from programs.services.overrides import set_stage
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import (
    COMFORTABLE,
    QUIET,
    a_published_version,
    an_enrolment,
    an_entry,
    live,
    reloaded,
    the_library,
)
from tests.integration.test_overrides import paused
from tests.integration.test_page_queries import PAGES
from tests.support.mail_choices import choice_of, remind_at
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SUMMARY = "You run twenty minutes without pain. Go on like that, three times a week."


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def walker(petra) -> Enrolment:
    the_library()
    return live(an_enrolment(a_runner(), clinician=petra, days_ago=3), COMFORTABLE, QUIET, COMFORTABLE)


def end(enrolment: Enrolment, by, **fields) -> Discharge:
    given = {"now": timezone.now(), "outcome": "completed", "summary": SUMMARY, **fields}
    return discharge(enrolment=enrolment, by=by, **given)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- the service -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "status", "handed_to"),
    [
        ("completed", "completed", ""),
        ("stopped", "withdrawn", ""),
        ("referred_on", "withdrawn", "Dr Ada Ames"),
    ],
)
def test_a_discharge_ends_the_programme_with_its_summary(petra, walker, outcome, status, handed_to):
    row = end(walker, petra, outcome=outcome, handed_to=handed_to)
    after = reloaded(walker)
    assert (after.status, after.is_active) == (status, False)
    assert (row.outcome, row.summary, row.handed_to, row.made_by) == (outcome, SUMMARY, handed_to, petra)
    assert AccessRecord.objects.filter(actor=petra, act="override", runner=walker.runner).exists()


def test_days_that_are_due_are_closed_first_and_none_afterwards(petra, walker):
    now = timezone.now() + 3 * DAY
    end(walker, petra, now=now)
    rows = Decision.objects.filter(enrolment=walker, trigger=Trigger.DAY_CLOSE)
    closed = rows.count()
    assert closed > 3
    close_due(now=now + 5 * DAY, job="tests")
    assert rows.count() == closed
    assert not list(verify_ledger(LedgerReport()))


def test_no_reminder_is_sent_after_the_end(petra, walker, mailoutbox):
    now = timezone.now()
    remind_at(walker.runner, datetime.time(18), now=now)
    MessageOwed.objects.create(
        recipient=walker.runner,
        enrolment=walker,
        kind=MessageKind.REMINDER,
        local_date=now.date(),
        created_at=now,
        wanted_at=now,
        due_at=now,
        message_id="<owed@example.org>",
    )
    end(walker, petra)
    owed = MessageOwed.objects.get(kind=MessageKind.REMINDER)
    assert (owed.status, owed.outcome) == (MessageStatus.SKIPPED, "the programme has ended")
    assert choice_of(walker.runner).next_at is None
    deliver_due(now=now + DAY)
    # That there is something to read is all that she hears of it.
    sent = MessageOwed.objects.filter(recipient=walker.runner, status=MessageStatus.SENT)
    assert set(sent.values_list("kind", flat=True)) <= {MessageKind.WRITTEN}


def test_a_programme_that_is_paused_is_not_completed_and_a_warning_sign_goes_to_somebody(petra, walker):
    now = timezone.now() + DAY
    enrolment = paused(walker)
    with pytest.raises(Refused) as refusal:
        end(enrolment, petra, now=now)
    assert refusal.value.field == "outcome"
    with pytest.raises(Refused) as refusal:
        end(enrolment, petra, now=now, outcome="stopped")
    assert refusal.value.field == "handed_to"
    end(enrolment, petra, now=now, outcome="stopped", handed_to="Dr Ada Ames, GP")
    case = RedFlagCase.objects.get()
    assert (case.closed_by, case.closed_at) == (petra, now)
    assert reloaded(enrolment).refer == "urgent", "the level stays, and its advice with it"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"outcome": "left"}, "outcome"),
        ({"outcome": "cured"}, "outcome"),
        ({"outcome": "referred_on", "handed_to": " "}, "handed_to"),
        ({"summary": "  "}, "reason"),
        ({"summary": "x" * 2001}, "summary"),
    ],
)
def test_a_discharge_without_what_it_needs_is_refused(petra, walker, fields, field):
    with pytest.raises(Refused) as refusal:
        end(walker, petra, **fields)
    assert refusal.value.field == field
    assert reloaded(walker).is_active


def test_it_ends_once_and_nothing_acts_on_it_afterwards(petra, walker):
    end(walker, petra)
    with pytest.raises(Refused, match="has ended"):
        end(walker, petra)
    with pytest.raises(Refused, match="has ended"):
        set_stage(enrolment=walker, by=petra, now=timezone.now(), stage="S2_core", reason="Again.")
    with pytest.raises(Refused):
        an_entry(walker, now=timezone.now(), rest=1)
    assert Discharge.objects.count() == 1


def test_without_access_nobody_ends_it(petra, walker):
    revoke_consent(runner=walker.runner, clinician=petra, now=timezone.now())
    with pytest.raises(NotLetIn):
        end(walker, petra)


def test_a_runner_leaves_whenever_she_wants_and_nobody_else_does_it_for_her(petra, walker):
    enrolment = paused(walker)
    now = timezone.now() + DAY
    with pytest.raises(Refused):
        leave(enrolment=enrolment, by=petra, now=now)
    row = leave(enrolment=enrolment, by=walker.runner, now=now)
    assert (row.outcome, row.made_by) == ("left", walker.runner)
    assert reloaded(walker).status == "withdrawn"
    # Nobody has seen the warning sign: it stays with her physiotherapist.
    case = RedFlagCase.objects.get()
    assert (case.closed_at, case.owner) == (None, petra)
    with pytest.raises(Refused, match="has ended"):
        leave(enrolment=enrolment, by=walker.runner, now=now)


# --- the pages ---------------------------------------------------------------------------
def test_her_physiotherapist_ends_it_on_a_page(petra, walker):
    browser, address = signed_in(petra), reverse("discharge", args=[walker.public_id])
    assert "Brisk walking" not in text_of(browser.get(address))
    refused = browser.post(address, {"outcome": "referred_on", "summary": SUMMARY})
    assert refused.status_code == 200
    assert "Say who goes on with the care" in text_of(refused)
    assert SUMMARY in refused.content.decode()
    answer = browser.post(address, {"outcome": "completed", "summary": SUMMARY}, follow=True)
    assert "The programme has ended." in text_of(answer)
    assert "Ended already" in text_of(browser.get(address))


def test_a_paused_programme_offers_no_completion(petra, walker):
    page = text_of(signed_in(petra).get(reverse("discharge", args=[paused(walker).public_id])))
    assert "completed: the runner" not in page.lower()
    assert "it cannot be completed" in page


def test_afterwards_she_reads_the_summary_and_keeps_her_diary(petra, walker):
    end(walker, petra)
    browser = signed_in(walker.runner)
    answer = browser.get(reverse("today"), follow=True)
    page = text_of(answer)
    assert answer.redirect_chain == [(reverse("ended"), 302)]
    assert SUMMARY in page and "Petra Physio" in page
    assert "Your last step was 2 of" in page
    assert "2 sessions begun." in page
    for name in (*PAGES, "leave_programme"):
        assert browser.get(reverse(name), follow=True).status_code == 200, name
    progress = browser.get(reverse("progress"))
    assert progress.status_code == 200 and "decisions" in progress.content.decode().lower()
    page = text_of(signed_in(petra).get(reverse("runner", args=[walker.public_id])))
    assert "<strong>Outcome:</strong>" in page


def test_she_can_begin_a_new_one_and_the_old_one_stays_readable(petra, walker):
    end(walker, petra)
    browser = signed_in(walker.runner)
    assert browser.get(reverse("intake")).status_code == 302
    assert "start" in browser.get(reverse("intake")).url
    an_enrolment(walker.runner, version=a_published_version())
    assert browser.get(reverse("today")).status_code == 200
    page = text_of(browser.get(reverse("ended")))
    assert SUMMARY in page and "You follow a new programme" in page


def test_who_never_ended_one_has_no_such_page(walker):
    assert signed_in(walker.runner).get(reverse("ended")).url == reverse("today")
    nobody = a_runner("new@example.org")
    assert signed_in(nobody).get(reverse("ended"), follow=True).status_code == 200


def test_she_leaves_on_a_page_and_the_advice_of_a_pause_stays(petra, walker):
    enrolment = paused(walker, "CE_SADDLE")
    browser, address = signed_in(enrolment.runner), reverse("leave_programme")
    page = text_of(browser.get(address))
    assert "999" in page and "Ending it does not end the advice above" in page
    ended = text_of(browser.post(address, {"words": "Moving away."}, follow=True))
    assert "You ended it yourself." in ended
    assert "999" in ended and "this advice still holds" in ended
    assert Discharge.objects.get().summary == "Moving away."
    assert browser.get(reverse("letter")).status_code == 200


def test_she_is_not_asked_why(walker):
    browser = signed_in(walker.runner)
    assert browser.post(reverse("leave_programme"), {}).url == reverse("ended")
    page = text_of(browser.get(reverse("ended")))
    assert "No reason given" not in page
