"""A step that a physiotherapist has to confirm: who is told what, and what the confirmation does."""

import copy
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Consent
from accounts.services import revoke_consent
from programs.engine.values import Trigger
from programs.library.loader import PROGRAMME
from programs.models import Decision, Enrolment, Override
from programs.selectors.sign_off import sign_off_page
from programs.services.confirmations import confirm_stage
from programs.services.errors import NotLetIn, Refused
from programs.services.overrides import clear_pause, set_stage
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import (
    COMFORTABLE,
    DEFAULT,
    a_published_version,
    an_enrolment,
    an_entry,
    close_the_day,
    live,
    reloaded,
    shipped,
    the_library,
)
from tests.integration.test_overrides import paused
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
REASON = "Walks briskly without a limp."
WAITS, READY = "D8P_SIGN_OFF", "Ready, waiting for Petra Physio"


def asking_version():
    """The shipped programme, where every step but the last waits for a confirmation."""
    document = {**copy.deepcopy(shipped().content(PROGRAMME, DEFAULT)), "sign_off": True}
    return a_published_version("asks-first", {**document, "key": "asks-first", "family": "asks-first"})


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def walker(petra) -> Enrolment:
    """All that walking asks for is done; only the confirmation is missing since last night."""
    the_library()
    enrolment = an_enrolment(a_runner(), clinician=petra, days_ago=4, version=asking_version())
    return live(enrolment, *[COMFORTABLE] * 4)


def confirm(enrolment: Enrolment, by, **fields) -> Decision:
    given = {"now": timezone.now(), "reason_code": "assessment", "reason": REASON, **fields}
    return confirm_stage(enrolment=enrolment, by=by, **given)


def newest(enrolment: Enrolment) -> Decision:
    return Decision.objects.filter(enrolment=enrolment).order_by("-pk").first()


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- the service -------------------------------------------------------------------------
def test_a_step_waits_and_is_taken_at_the_end_of_the_day_on_which_it_is_confirmed(petra, walker):
    assert (newest(walker).rule, walker.stage) == (WAITS, "S1_walking")
    row = confirm(walker, petra)
    assert (row.rule, row.trigger, row.decision) == ("D7D_SIGNED_OFF", Trigger.CLINICIAN, "hold")
    assert (row.override.kind, row.override.stage, row.override.reason_code) == (
        "sign_off",
        "S1_walking",
        "assessment",
    )
    assert REASON in row.reason and "Petra Physio" in row.reason
    assert reloaded(walker).stage == "S1_walking", "nothing moves before the day is over"
    an_entry(walker, now=timezone.now(), morning=1, rest=1, session="done", during=1, after=1)
    after = close_the_day(walker)
    assert (newest(walker).rule, after.stage) == ("D9A_ADVANCE", "S2_core")
    assert not list(verify_ledger(LedgerReport()))


def test_a_confirmation_counts_for_that_step_and_no_other(petra, walker):
    confirm(walker, petra)
    an_entry(walker, now=timezone.now(), morning=1, rest=1, session="done", during=1, after=1)
    after = live(close_the_day(walker), *[COMFORTABLE] * 12)
    assert after.stage == "S2_core"
    assert newest(walker).rule == WAITS


def test_whoever_is_put_on_the_step_again_waits_for_a_new_confirmation(petra, walker):
    confirm(walker, petra)
    set_stage(enrolment=walker, by=petra, now=timezone.now(), stage="S1_walking", reason="From the start.")
    live(reloaded(walker), *[COMFORTABLE] * 6)
    assert newest(walker).rule == WAITS
    assert reloaded(walker).stage == "S1_walking"


def test_a_confirmation_of_before_a_pause_does_not_outlive_it_on_the_same_day(petra, walker):
    """Of a stage that begins again nobody has said yet that it may be left."""
    confirm(walker, petra)
    Enrolment.objects.filter(pk=walker.pk).update(refer="routine", paused_at=timezone.now())
    clear_pause(enrolment=walker, by=petra, now=timezone.now(), reason=REASON)
    confirm(walker, petra)
    assert Override.objects.filter(enrolment=walker, kind="sign_off").count() == 2


def test_a_bad_day_after_the_confirmation_still_holds(petra, walker):
    confirm(walker, petra)
    an_entry(walker, now=timezone.now(), morning=5, rest=5)
    assert close_the_day(walker).stage == "S1_walking"


@pytest.mark.parametrize(
    ("fields", "field"), [({"reason": " "}, "reason"), ({"reason_code": "x"}, "reason_code")]
)
def test_a_confirmation_without_its_reason_is_refused(petra, walker, fields, field):
    with pytest.raises(Refused) as refusal:
        confirm(walker, petra, **fields)
    assert refusal.value.field == field
    assert not Override.objects.exists()


def test_it_is_refused_twice_and_where_nothing_asks_for_it(petra, walker):
    confirm(walker, petra)
    with pytest.raises(Refused, match="confirmed already"):
        confirm(walker, petra)
    other = an_enrolment(a_runner("fay@example.org"), clinician=petra, days_ago=1)
    with pytest.raises(Refused, match="needs no confirmation"):
        confirm(other, petra)
    assert Override.objects.count() == 1


def test_it_is_refused_while_paused(petra, walker):
    with pytest.raises(Refused, match="paused"):
        confirm(paused(walker), petra, now=timezone.now() + DAY)


def test_it_is_refused_to_somebody_without_access(petra, walker):
    revoke_consent(runner=walker.runner, clinician=petra, now=timezone.now())
    with pytest.raises(NotLetIn):
        confirm(walker, petra)


# --- the pages ---------------------------------------------------------------------------
def test_the_runner_reads_whom_she_waits_for_and_then_who_confirmed(petra, walker):
    browser = signed_in(walker.runner)
    for name in ("today", "why"):
        page = text_of(browser.get(reverse(name)))
        assert READY in page
        assert "Your next step is" in page
    confirm(walker, petra)
    for name in ("today", "why"):
        page = text_of(browser.get(reverse(name)))
        assert "Confirmed by Petra Physio" in page
        assert "Ready, waiting" not in page


def test_where_nobody_has_access_she_is_led_to_giving_it(petra, walker):
    revoke_consent(runner=walker.runner, clinician=petra, now=timezone.now())
    page = text_of(signed_in(walker.runner).get(reverse("today")))
    assert "Ready, waiting for a physiotherapist" in page
    assert "Nobody whom you let in can confirm it now" in page


def test_a_runner_who_is_not_ready_waits_for_nobody(petra):
    the_library()
    early = live(an_enrolment(a_runner(), clinician=petra, days_ago=1, version=asking_version()), COMFORTABLE)
    assert "waiting for" not in text_of(signed_in(early.runner).get(reverse("today")))


def test_her_pages_keep_to_eight_queries(petra, walker):
    browser = signed_in(walker.runner)
    for name in ("today", "why"):
        browser.get(reverse(name))
        with CaptureQueriesContext(connection) as counted:
            browser.get(reverse(name))
        assert len(counted) <= 8, name


def test_the_physiotherapist_sees_the_criteria_and_confirms(petra, walker):
    browser, address = signed_in(petra), reverse("override_sign_off", args=[walker.public_id])
    page = text_of(browser.get(address))
    assert "Ready, and waiting for you" in page
    assert "A physiotherapist confirms the next step" in page
    before = AccessRecord.objects.count()
    refused = browser.post(address, {"reason": "ok fine"})
    assert refused.status_code == 200
    assert "ok fine" in refused.content.decode()
    answer = browser.post(address, {"reason_code": "assessment", "reason": REASON}, follow=True)
    assert "The stage is confirmed." in text_of(answer)
    assert AccessRecord.objects.count() > before
    assert "Confirmed by Petra Physio on " in text_of(browser.get(address))
    runner = text_of(browser.get(reverse("runner", args=[walker.public_id])))
    assert "Stage confirmed by Petra Physio on" in runner and f'href="{address}"' not in runner


def test_the_criteria_of_the_day_that_was_ready_stand_beside_those_of_today(petra, walker):
    page = sign_off_page(enrolment=walker, now=timezone.now())
    assert page.ready_on == newest(walker).date < page.open_date
    missing = [row.label for row in page.criteria_then if row.state != "met"]
    assert missing == ["A physiotherapist confirms the next step"]
    assert "no_data" in {row.state for row in page.criteria}
    address = reverse("override_sign_off", args=[walker.public_id])
    shown = text_of(signed_in(petra).get(address))
    assert "when only your confirmation was missing" in shown and "As of today so far" in shown


def test_what_cannot_be_confirmed_offers_no_form(petra, walker):
    browser, address = signed_in(petra), reverse("override_sign_off", args=[paused(walker).public_id])
    assert "Clear the pause first" in text_of(browser.get(address))
    other = an_enrolment(a_runner("fay@example.org"), clinician=petra, days_ago=1)
    page = text_of(browser.get(reverse("override_sign_off", args=[other.public_id])))
    assert "asks for no confirmation" in page
    assert Consent.objects.count() == 2
