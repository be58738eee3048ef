"""Clinicians' acts: hold until, set the stage, clear a pause; each with a reason.

An act is a ledger row of its own. Days that are due are closed first, so that
the ledger stays in order and the act rests on what was decided before it. Only
an enrolment that is set aside after an error keeps its open days meanwhile:
nothing is decided for it, and that must not keep a person from acting.
"""

import datetime
from dataclasses import replace

from django.db import transaction

from accounts.models import Act, User
from accounts.selectors import has_consent
from accounts.services.audit import record_access
from accounts.services.consents import lock_person
from programs.engine.calendar import local_date
from programs.engine.decide import Decision as EngineDecision
from programs.engine.decide import decide
from programs.engine.facts import Facts
from programs.engine.records import digest, snapshot_to_json
from programs.engine.rules import RULES_BY_CODE
from programs.engine.snapshot import Snapshot
from programs.engine.transition import with_hold, with_pause_cleared, with_stage_set
from programs.engine.values import Outcome, Refer, Trigger
from programs.models import Decision, DiaryEntry, Enrolment, Override, OverrideKind
from programs.services.days import close_due
from programs.services.errors import NotLetIn, Refused
from programs.services.ledger import STATE_FIELDS, criteria_to_json, ledger_row, set_state
from programs.snapshots import histories_of, hold_of, programmes_of, snapshot_of, state_of

LONGEST_HOLD_DAYS = 90
#: Later, nobody would think of it as a review.
LONGEST_REVIEW_DAYS = 365
SHORTEST_REASON = 3
JOB = "before a clinician's act"


@transaction.atomic
def hold_until(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    until: datetime.date,
    reason: str,
    origin: str = "",
) -> Decision:
    """No automatic advance up to and including ``until``; step back and pause still work."""
    enrolment, today = _open(enrolment, by, now, reason)
    if until < today:
        raise Refused("The hold must end today or later.", "until")
    if until > today + datetime.timedelta(days=LONGEST_HOLD_DAYS):
        raise Refused(f"A hold lasts at most {LONGEST_HOLD_DAYS} days; it can be renewed.", "until")
    act = _act(enrolment, by, now, today, reason, kind=OverrideKind.HOLD_UNTIL, until=until, review_on=until)
    return _record(enrolment, act, "D7A_PHYSIO_HOLD", now, origin)


@transaction.atomic
def set_stage(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    stage: str,
    reason: str,
    review_on: datetime.date | None = None,
    origin: str = "",
) -> Decision:
    """Move the runner to a stage; its day 1 is today. A pause stays a pause."""
    enrolment, today = _open(enrolment, by, now, reason)
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    if stage not in programme.positions:
        raise Refused("Choose a stage of this programme.", "stage")
    if programme.positions[stage] < programme.floor:
        raise Refused("Nobody is sent back to rest; the gentlest step is walking.", "stage")
    if review_on and not today <= review_on <= today + datetime.timedelta(days=LONGEST_REVIEW_DAYS):
        raise Refused("The review must be today or later, and within a year.", "review_on")
    act = _act(
        enrolment, by, now, today, reason, kind=OverrideKind.SET_STAGE, stage=stage, review_on=review_on
    )
    return _record(enrolment, act, "D7B_PHYSIO_SET", now, origin)


@transaction.atomic
def clear_pause(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    reason: str,
    assessed_by: str = "",
    assessed_on: datetime.date | None = None,
    origin: str = "",
) -> Decision:
    """End a pause. An urgent or emergency one only with who assessed the runner, and when."""
    enrolment, today = _open(enrolment, by, now, reason)
    if not enrolment.is_paused:
        raise Refused("This programme is not paused.")
    if enrolment.refer in (Refer.URGENT, Refer.EMERGENCY):
        if not assessed_by.strip():
            raise Refused("Say which clinician assessed the runner.", "assessed_by")
        if assessed_on is None or assessed_on > today or assessed_on < _level_since(enrolment):
            raise Refused(
                "Give the date of the assessment: since the warning sign was given, and not in the future.",
                "assessed_on",
            )
    if assessed_on and not enrolment.started_on <= assessed_on <= today:
        raise Refused("Give a date since the programme began, and not in the future.", "assessed_on")
    _refuse_while_flag_is_open(enrolment)
    act = _act(
        enrolment,
        by,
        now,
        today,
        reason,
        kind=OverrideKind.CLEAR_PAUSE,
        assessed_by=assessed_by.strip(),
        assessed_on=assessed_on if assessed_by.strip() else None,
    )
    return _record(enrolment, act, "D7C_PHYSIO_CLEAR", now, origin)


def _level_since(enrolment: Enrolment) -> datetime.date:
    """When the present level was reached: an assessment from before an emergency does not clear it."""
    pauses = Decision.objects.in_force().filter(
        enrolment=enrolment,
        decision=Outcome.PAUSE_AND_REFER,
        refer=enrolment.refer,
        decided_at__gte=enrolment.paused_at,
    )
    first = pauses.order_by("decided_at", "pk").values_list("decided_at", flat=True).first()
    return local_date(first or enrolment.paused_at, enrolment.runner.zone)


def _refuse_while_flag_is_open(enrolment: Enrolment) -> None:
    """A day with a red flag ends in a pause whatever else is true (INV-02)."""
    open_entries = DiaryEntry.objects.filter(enrolment=enrolment, date__gt=enrolment.decided_through)
    if any(entry.red_flags for entry in open_entries):
        raise Refused(
            "A red flag was answered on a day that is still open, and that day will pause again when it "
            "closes. Clear the pause tomorrow."
        )


def _open(
    enrolment: Enrolment, by: User, now: datetime.datetime, reason: str
) -> tuple[Enrolment, datetime.date]:
    """Lock the enrolment, close what is due, check that the clinician may act."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("Give the reason in a few words; the runner reads it.", "reason")
    # Consent that is being ended meanwhile is waited for: an act never lands after it.
    lock_person(enrolment.runner)
    # Wait for a worker that is at it, or its later days would be left out here.
    Enrolment.objects.locked(enrolment.pk)
    close_due(now=now, job=JOB, first=enrolment.pk, last=enrolment.pk)
    locked = Enrolment.objects.locked(enrolment.pk)
    if not by.is_clinician or not has_consent(runner_id=locked.runner_id, clinician=by, now=now):
        raise NotLetIn("You need the runner's consent to act.")
    if not locked.is_active:
        raise Refused("This programme has ended.")
    return locked, local_date(now, locked.runner.zone)


def _act(
    enrolment: Enrolment, by: User, now: datetime.datetime, today: datetime.date, reason: str, **fields
) -> Override:
    return Override.objects.create(
        enrolment=enrolment, date=today, reason=reason.strip(), made_at=now, made_by=by, **fields
    )


def _record(enrolment: Enrolment, act: Override, rule: str, now: datetime.datetime, origin: str) -> Decision:
    """Apply the act to the state, append its ledger row and tell the runner who did it."""
    record_access(
        runner_ids=[enrolment.runner_id],
        actor=act.made_by,
        act=Act.OVERRIDE,
        detail=act.get_kind_display(),
        now=now,
        origin=origin,
    )
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    history = histories_of([enrolment], first=act.date)[enrolment.pk]
    earlier = [other for other in history.overrides if other.pk != act.pk]
    before = state_of(enrolment, programme, hold_of(earlier))
    day = act.date.toordinal()
    if act.kind == OverrideKind.SET_STAGE:
        state = with_stage_set(before, day, programme.positions[act.stage])
    elif act.kind == OverrideKind.CLEAR_PAUSE:
        state = with_pause_cleared(before, day)
    else:
        state = with_hold(before, hold_of(history.overrides))
    snapshot = snapshot_of(enrolment, programme, history, act.date, state)
    without = replace(snapshot, state=before, stage_set=None, cleared=None)
    row = _row_of_act(snapshot, without, enrolment, act, rule, now)
    set_state(enrolment, state, programme, now)
    row.save()
    enrolment.save(update_fields=STATE_FIELDS)
    return row


def _row_of_act(
    snapshot: Snapshot, without: Snapshot, enrolment: Enrolment, act: Override, rule: str, now
) -> Decision:
    """The act as a decision: a hold by a person, with the words of its rule.

    Inputs and criteria are those in which she acted, and the shadow is what
    the engine would have said to them without her.
    """
    shadow = decide(without)
    by_person = EngineDecision(
        Facts(snapshot), RULES_BY_CODE[rule], Refer.NONE, without.state.stage, snapshot.state.stage
    )
    row = ledger_row(
        by_person, enrolment, trigger=Trigger.CLINICIAN, now=now, decided_by=act.made_by, override=act
    )
    row.takes_effect_on = act.date
    row.refer = snapshot.state.refer
    row.criteria = criteria_to_json(shadow)
    said = {"rule": shadow.rule, "decision": shadow.outcome.value}
    row.inputs = {**snapshot_to_json(without), "shadow": said}
    row.inputs_hash = digest(row.inputs)
    return row
