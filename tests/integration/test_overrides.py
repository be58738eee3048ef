"""A physiotherapist's acts: hold, set stage, clear; the service, the forms and the pages."""

import datetime

import pytest
from django.utils import timezone

from accounts.services import revoke_consent
from programs.engine.values import Outcome, Refer, Trigger
from programs.forms.override import ClearForm, StageForm
from programs.models import Decision, Enrolment, Override
from programs.selectors.decisions import newest_decisions
from programs.selectors.inputs import shadow_of
from programs.selectors.ledger import ledger_page
from programs.selectors.progress_rows import progress_rows
from programs.selectors.runner import runner_page
from programs.services.diary import EntryValues
from programs.services.errors import Refused
from programs.services.overrides import LONGEST_HOLD_DAYS, clear_pause, hold_until, set_stage
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, close_the_day, live, reloaded
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
REASON = "Seen in clinic, moves freely."
WHY = {"reason_code": "assessment", "reason": REASON}


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def walker(petra) -> Enrolment:
    """A runner of hers: three comfortable days of walking; tonight would be an advance."""
    return live(an_enrolment(a_runner(), clinician=petra, days_ago=3), *[COMFORTABLE] * 3)


def paused(enrolment: Enrolment, code: str = "FEVER_UNWELL") -> Enrolment:
    """Paused by a red flag yesterday, which is closed."""
    return live(enrolment, EntryValues(morning=2, rest=2, red_flags=(code,)))


def today() -> datetime.date:
    return timezone.now().date()


def act(service, enrolment: Enrolment, by, **fields) -> Decision:
    return service(enrolment=enrolment, by=by, **{"now": timezone.now(), "reason": REASON, **fields})


# --- the services ------------------------------------------------------------------------
def test_a_hold_keeps_back_an_advance_and_says_who_and_why(petra, walker):
    row = act(hold_until, walker, petra, until=today())
    assert (row.rule, row.trigger, row.decided_by) == ("D7A_PHYSIO_HOLD", Trigger.CLINICIAN, petra)
    an_entry(walker, now=timezone.now(), morning=1, rest=1, session="done", during=1, after=1)
    after = close_the_day(walker)
    closed = Decision.objects.get(enrolment=walker, date=today(), trigger=Trigger.DAY_CLOSE)
    assert (closed.rule, after.stage) == ("D7A_PHYSIO_HOLD", "S1_walking")
    assert REASON in closed.reason
    assert "Petra Physio" in closed.reason


def test_the_row_of_an_act_keeps_what_the_engine_would_have_said(petra, walker):
    an_entry(walker, now=timezone.now(), morning=1, rest=1, session="done", during=1, after=1)
    row = act(hold_until, walker, petra, until=today())
    assert row.inputs["shadow"] == {"rule": "D9A_ADVANCE", "decision": "advance"}
    assert row.inputs["state"]["hold"] is None, "as it was before the act"
    assert not list(verify_ledger(LedgerReport()))


def test_a_hold_does_not_hold_back_a_step_back_or_a_pause(petra):
    enrolment = live(
        an_enrolment(a_runner(), clinician=petra, days_ago=2, stage="S4_run2_walk3"), QUIET, QUIET
    )
    act(hold_until, enrolment, petra, until=today() + 5 * DAY)
    an_entry(enrolment, now=timezone.now(), morning=1, rest=2, session="done", during=6, after=2)
    assert close_the_day(enrolment).stage == "S3_run1_walk4"
    live(enrolment, EntryValues(morning=2, rest=2, red_flags=("CE_SADDLE",)))
    assert reloaded(enrolment).refer == Refer.EMERGENCY


@pytest.mark.parametrize(("days", "field"), [(-1, "until"), (LONGEST_HOLD_DAYS + 1, "until")])
def test_a_hold_that_is_over_or_endless_is_refused(petra, walker, days, field):
    with pytest.raises(Refused) as refusal:
        act(hold_until, walker, petra, until=today() + days * DAY)
    assert refusal.value.field == field
    assert not Override.objects.exists()


@pytest.mark.parametrize("days", [0, LONGEST_HOLD_DAYS])
def test_a_hold_at_its_limits_is_taken(petra, walker, days):
    act(hold_until, walker, petra, until=today() + days * DAY)
    assert reloaded(walker).hold_until == today() + days * DAY


def test_a_stage_is_set_from_today_and_its_first_day_is_today(petra, walker):
    row = act(set_stage, walker, petra, stage="S4_run2_walk3", review_on=today() + 7 * DAY)
    after = reloaded(walker)
    assert (after.stage, after.stage_entered_on) == ("S4_run2_walk3", today())
    assert (row.decision, row.stage_change, row.override.review_on) == (Outcome.HOLD, 3, today() + 7 * DAY)
    an_entry(walker, now=timezone.now(), morning=1, rest=1)
    close_the_day(walker)
    assert Decision.objects.get(date=today(), trigger=Trigger.DAY_CLOSE).rule == "D7B_PHYSIO_SET"


@pytest.mark.parametrize("stage", ["S0_relative_rest", "S9_moon", ""])
def test_nobody_is_sent_to_rest_or_to_a_stage_that_is_not_there(petra, walker, stage):
    with pytest.raises(Refused) as refusal:
        act(set_stage, walker, petra, stage=stage)
    assert refusal.value.field == "stage"


def test_setting_a_stage_does_not_end_a_pause(petra, walker):
    enrolment = paused(reloaded(walker)) if walker.open_date < today() else walker
    Enrolment.objects.filter(pk=enrolment.pk).update(refer="urgent", paused_at=timezone.now() - DAY)
    act(set_stage, enrolment, petra, stage="S2_core")
    assert reloaded(enrolment).refer == Refer.URGENT


@pytest.fixture
def flagged(petra) -> Enrolment:
    return paused(an_enrolment(a_runner(), clinician=petra, days_ago=1))


def test_an_urgent_pause_ends_with_who_assessed_and_when(petra, flagged):
    row = act(clear_pause, flagged, petra, assessed_by="Dr Ada Ames", assessed_on=today())
    after = reloaded(flagged)
    assert (row.rule, after.refer, after.paused_at) == ("D7C_PHYSIO_CLEAR", Refer.NONE, None)
    assert after.stage_entered_on == today()
    assert row.override.assessed_by == "Dr Ada Ames"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "assessed_by"),
        ({"assessed_by": "  "}, "assessed_by"),
        ({"assessed_by": "Dr Ada Ames"}, "assessed_on"),
        ({"assessed_by": "Dr Ada Ames", "assessed_on": 1}, "assessed_on"),
        ({"assessed_by": "Dr Ada Ames", "assessed_on": -2}, "assessed_on"),
    ],
)
def test_an_urgent_pause_does_not_end_without_an_assessment_since_it_began(petra, flagged, given, field):
    if "assessed_on" in given:
        given = given | {"assessed_on": today() + given["assessed_on"] * DAY}
    with pytest.raises(Refused) as refusal:
        act(clear_pause, flagged, petra, **given)
    assert refusal.value.field == field
    assert reloaded(flagged).refer == Refer.URGENT


def test_a_pause_is_not_cleared_while_its_red_flag_stands_in_the_open_day(petra):
    enrolment = an_enrolment(a_runner(), clinician=petra)
    an_entry(enrolment, now=timezone.now(), rest=3, red_flags=("FEVER_UNWELL",))
    with pytest.raises(Refused, match="still open"):
        act(clear_pause, enrolment, petra, assessed_by="Dr Ada Ames", assessed_on=today())


def test_what_is_not_paused_is_not_cleared(petra, walker):
    with pytest.raises(Refused, match="not paused"):
        act(clear_pause, walker, petra)


def test_a_kind_of_reason_that_nobody_knows_is_refused(petra, walker):
    with pytest.raises(Refused) as refusal:
        act(hold_until, walker, petra, until=today(), reason_code="whim")
    assert refusal.value.field == "reason_code"


@pytest.mark.parametrize("reason", ["", "  ", "ok"])
def test_every_act_needs_a_reason(petra, walker, reason):
    with pytest.raises(Refused) as refusal:
        act(hold_until, walker, petra, until=today(), reason=reason)
    assert refusal.value.field == "reason"


def test_without_consent_nobody_acts(petra, walker):
    stranger = a_clinician("paul@example.org", "Paul Other")
    with pytest.raises(Refused, match="consent"):
        act(hold_until, walker, stranger, until=today())
    revoke_consent(runner=walker.runner, clinician=petra, now=timezone.now())
    with pytest.raises(Refused, match="consent"):
        act(hold_until, walker, petra, until=today())


def test_a_runner_does_not_act_on_herself(petra, walker):
    with pytest.raises(Refused):
        act(set_stage, walker, walker.runner, stage="S8_run20_30")


def test_an_ended_programme_takes_no_act(petra, walker):
    Enrolment.objects.filter(pk=walker.pk).update(status="completed")
    with pytest.raises(Refused, match="ended"):
        act(hold_until, walker, petra, until=today())


def test_days_that_are_due_are_closed_before_the_act(petra):
    enrolment = an_enrolment(a_runner(), clinician=petra, days_ago=3)
    act(hold_until, enrolment, petra, until=today())
    rows = list(Decision.objects.filter(enrolment=enrolment).order_by("pk").values_list("trigger", "date"))
    closed, (last, date) = rows[:-1], rows[-1]
    # In the small hours yesterday is still open.
    assert len(closed) >= 2
    assert {trigger for trigger, _ in closed} == {"day_close"}
    assert (last, date) == ("clinician", today())


# --- the pages ----------------------------------------------------------------------------
def url(enrolment: Enrolment, page: str = "") -> str:
    return f"/runners/{enrolment.public_id}/{page}"


def test_a_hold_by_the_page(petra, walker):
    browser = signed_in(petra)
    until = today() + 7 * DAY
    answer = browser.post(url(walker, "hold/"), {"until": until.isoformat(), **WHY})
    assert (answer.status_code, answer.url) == (302, url(walker))
    assert reloaded(walker).hold_until == until
    assert Override.objects.get().reason_code == "assessment"
    html = browser.get(url(walker)).content.decode()
    assert REASON in html
    assert "The hold is set." in html


def test_a_stage_by_the_page(petra, walker):
    fields = {"stage": "S3_run1_walk4", "review_on": (today() + DAY).isoformat(), **WHY}
    assert signed_in(petra).post(url(walker, "set-stage/"), fields).status_code == 302
    assert reloaded(walker).stage == "S3_run1_walk4"


def test_a_clear_by_the_page(petra, flagged):
    fields = {"assessed_by": "Dr Ada Ames", "assessed_on": today().isoformat(), **WHY}
    assert signed_in(petra).post(url(flagged, "clear/"), fields).status_code == 302
    assert not reloaded(flagged).is_paused


@pytest.mark.parametrize("page", ["hold/", "set-stage/", "clear/"])
def test_looking_at_a_form_changes_nothing_and_shows_the_engines_view(petra, flagged, page):
    html = signed_in(petra).get(url(flagged, page)).content.decode()
    assert "What the engine recommends meanwhile" in html
    assert "D3_PAUSED" in html
    assert "Programme paused. A good day does not restart it: you do" in html
    assert "A good day does not restart it; your physiotherapist" not in html
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("hold/", ["Choose a date."]),
        ("set-stage/", ["Choose a stage.", "Choose a date."]),
        ("clear/", ["Say which clinician assessed the runner.", "Choose a date."]),
    ],
)
def test_an_empty_form_comes_back_with_its_errors(petra, flagged, page, asked):
    answer = signed_in(petra).post(url(flagged, page), {})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Please check" in html
    assert "This field is required" not in html
    for words in [*asked, "Choose the kind of reason", "Give the reason in a few words."]:
        assert words in html
    assert not Override.objects.exists()


def test_a_refused_form_comes_back_filled_in(petra, walker):
    fields = {"until": (today() - DAY).isoformat(), **WHY}
    fields["reason"] = "Back from <holiday> & tired"
    html = signed_in(petra).post(url(walker, "hold/"), fields).content.decode()
    assert "The hold must end today or later." in html
    assert "Back from &lt;holiday&gt; &amp; tired" in html
    assert fields["until"] in html
    assert not Override.objects.exists()


def test_the_stage_form_offers_no_rest(petra, walker):
    html = signed_in(petra).get(url(walker, "set-stage/")).content.decode()
    assert "S1_walking" in html
    assert "S0_relative_rest" not in html
    fields = {"stage": "S0_relative_rest", "review_on": today().isoformat(), **WHY}
    signed_in(petra).post(url(walker, "set-stage/"), fields)
    assert reloaded(walker).stage == "S1_walking"


def test_where_nothing_is_paused_there_is_nothing_to_clear(petra, walker):
    html = signed_in(petra).get(url(walker, "clear/")).content.decode()
    assert "Nothing to clear" in html


def test_a_red_flag_of_the_open_day_comes_back_as_an_error_of_the_form(petra):
    enrolment = an_enrolment(a_runner(), clinician=petra)
    an_entry(enrolment, now=timezone.now(), rest=3, red_flags=("FEVER_UNWELL",))
    fields = {"assessed_by": "Dr Ada Ames", "assessed_on": today().isoformat(), **WHY}
    html = signed_in(petra).post(url(enrolment, "clear/"), fields).content.decode()
    assert "that day will pause again when it closes" in html
    assert reloaded(enrolment).is_paused


def test_the_runners_page_shows_every_input_of_a_decision(petra, walker):
    html = signed_in(petra).get(url(walker)).content.decode()
    row = Decision.objects.filter(enrolment=walker).first()
    assert row.inputs_hash in html
    assert row.engine_version in html
    assert "lbp-acute-default, version 1" in html


@pytest.mark.parametrize(
    ("service", "fields", "label"),
    [
        (hold_until, lambda: {"until": today()}, "Held"),
        (set_stage, lambda: {"stage": "S3_run1_walk4"}, "Moved by the physiotherapist"),
    ],
)
def test_an_act_is_labelled_by_what_the_person_did(petra, walker, service, fields, label):
    # Asked for here and not when tests are collected, or midnight would come between.
    row = act(service, walker, petra, **fields())
    page = runner_page(enrolment=reloaded(walker), by=petra, now=timezone.now())
    assert page.progress.ledger.entries[0].tag.label == label
    assert newest_decisions(reloaded(walker), 1)[0].tag.label == label
    rows = progress_rows(reloaded(walker), today(), None, every_day=True)
    newest = ledger_page(rows, every_day=True, sources={}).entries[0]
    assert (newest.pk, newest.tag.label) == (row.pk, label)


def test_a_cleared_pause_is_labelled_as_such(petra, flagged):
    act(clear_pause, flagged, petra, assessed_by="Dr Ada Ames", assessed_on=today())
    assert newest_decisions(reloaded(flagged), 1)[0].tag.label == "Pause cleared"


@pytest.mark.parametrize("rule", ["D7A_PHYSIO_HOLD", "D7B_PHYSIO_SET", "D7C_PHYSIO_CLEAR"])
def test_an_older_row_whose_shadow_is_the_act_itself_leaves_it_out(petra, walker, rule):
    row = act(hold_until, walker, petra, until=today())
    row.inputs = {**row.inputs, "shadow": {"rule": rule, "decision": "hold"}}
    assert shadow_of(row) == (None, "")
    row.inputs = {**row.inputs, "shadow": {"rule": "D9A_ADVANCE", "decision": "advance"}}
    assert shadow_of(row)[0].label == "Move on"


def test_times_on_the_runners_page_are_those_of_the_runners_clock(petra):
    runner = a_runner(time_zone="Asia/Tokyo")
    noon = datetime.datetime(2026, 5, 4, 3, 0, tzinfo=datetime.UTC)
    enrolment = an_enrolment(runner, clinician=petra, now=noon)
    an_entry(enrolment, now=noon + datetime.timedelta(hours=8, minutes=41), rest=2)
    html = signed_in(petra).get(url(enrolment)).content.decode()
    assert "4 May, 20:41" in html
    assert "4 May 2026, 12:00" in html


def test_a_correction_stands_under_its_entry(petra):
    enrolment = live(an_enrolment(a_runner(), clinician=petra, days_ago=2), QUIET)
    an_entry(enrolment, enrolment.started_on, now=timezone.now(), morning=1, rest=4, session="none")
    html = signed_in(petra).get(url(enrolment)).content.decode()
    assert "after the day was decided: Pain at rest was 1/10" in html


def test_every_decision_is_there_with_what_it_rests_on_a_page_at_a_time(petra):
    enrolment = live(an_enrolment(a_runner(), clinician=petra, days_ago=32), *[QUIET] * 32)
    browser = signed_in(petra)
    first, second = (browser.get(url(enrolment) + end).content.decode() for end in ("", "?page=2"))
    assert "Page 1 of 2" in first
    assert (first.count("What it rests on"), second.count("What it rests on")) == (30, 2)
    assert "Hash of the inputs" in first
    assert "Show the whole diary" in first
    whole = browser.get(url(enrolment) + "?diary=whole").content.decode()
    assert (
        first.count('<th scope="row">') < whole.count('<th scope="row">')
    ) and "Show the whole" not in whole


def test_a_review_in_the_past_is_refused_by_the_form():
    fields = {"stage": "S2_core", "review_on": (today() - DAY).isoformat(), **WHY}
    form = StageForm(fields, today=today(), stages=[("S2_core", "Core")])
    assert set(form.errors) == {"review_on"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [({"assessed_by": "Ada"}, "assessed_on"), ({"assessed_on": "2026-01-02"}, "assessed_by")],
)
def test_half_an_assessment_is_refused_by_the_form(given, wrong):
    form = ClearForm({**WHY, **given}, today=today(), needs_assessment=False, since=today())
    assert set(form.errors) == {wrong}


def test_the_page_says_beforehand_that_a_red_flag_of_an_open_day_cannot_be_cleared_today(petra):
    runner = an_enrolment(a_runner(), clinician=petra, days_ago=1)
    an_entry(runner, now=timezone.now(), rest=2, red_flags=("CE_SADDLE",))
    overview = signed_in(petra).get(url(runner)).content.decode()
    assert "Can be cleared from tomorrow" in overview
    assert "Clear the pause</a>" not in overview
    page = signed_in(petra).get(f"/runners/{runner.public_id}/clear/")
    assert "can be cleared from tomorrow" in page.content.decode()
    assert b'name="reason"' not in page.content
