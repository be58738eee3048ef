"""A red flag acts on submission: in the transaction of the entry, without the queue."""

import datetime
import logging

from programs.engine.decide import Decision as EngineDecision
from programs.engine.decide import decide
from programs.engine.redflags import level_of
from programs.engine.values import REFER_RANK, Outcome, Refer, Trigger, worse_refer
from programs.models import Decision, DiaryEntry, Enrolment
from programs.services.days import POISON
from programs.services.ledger import STATE_FIELDS, ledger_row, set_state, state_after
from programs.services.messages import owe_for_decisions, owe_for_sign
from programs.services.red_flag_cases import open_cases
from programs.snapshots import histories_of, programmes_of, snapshot_of
from programs.way_back import last_sign_at

logger = logging.getLogger(__name__)
JOB = "red flag on submission"


def pause_at_once(enrolment: Enrolment, date: datetime.date, now: datetime.datetime) -> Decision | None:
    """Decide the date of a red flag now; a pause of this level and date is written once.

    Where the enrolment cannot be decided, it is paused all the same: a fault
    of the programme must not lose the answer.
    """
    try:
        decided = _decided(enrolment, date)
    except POISON:
        logger.exception("Enrolment %s cannot be decided; it is paused by its red flags alone", enrolment.pk)
        before = enrolment.refer
        _pause_without_engine(enrolment, date, now)
        if enrolment.refer != before:
            open_cases([enrolment], now)
        _tell_of_new_sign(enrolment, now)
        return None
    if decided.outcome is not Outcome.PAUSE_AND_REFER:
        return None
    if _is_told(enrolment, date, decided):
        _tell_of_new_sign(enrolment, now)
        return None
    row = ledger_row(decided, enrolment, trigger=Trigger.RED_FLAG, now=now, job=JOB)
    before = enrolment.refer
    set_state(enrolment, state_after(decided, enrolment, now), decided.snapshot.programme, now)
    row.save()
    enrolment.save(update_fields=STATE_FIELDS)
    owe_for_decisions([(row, enrolment, before)], now)
    open_cases([enrolment], now)
    return row


def _decided(enrolment: Enrolment, date: datetime.date) -> EngineDecision:
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    history = histories_of([enrolment], first=date)[enrolment.pk]
    return decide(snapshot_of(enrolment, programme, history, date))


def _is_told(enrolment: Enrolment, date: datetime.date, decided: EngineDecision) -> bool:
    """The level is in force already, by a decision of this date or by a more pressing one."""
    if REFER_RANK[decided.refer] < REFER_RANK[Refer(enrolment.refer)]:
        return True
    same = Decision.objects.filter(
        enrolment=enrolment, date=date, trigger=Trigger.RED_FLAG, refer=decided.refer
    )
    return same.exists()


def _tell_of_new_sign(enrolment: Enrolment, now: datetime.datetime) -> None:
    """A sign given just now; another answer of a day that holds one already tells nobody anything."""
    if last_sign_at(enrolment) == now:
        owe_for_sign(enrolment, now)
        open_cases([enrolment], now)


def _pause_without_engine(enrolment: Enrolment, date: datetime.date, now: datetime.datetime) -> None:
    entry = DiaryEntry.objects.get(enrolment=enrolment, date=date)
    for code in entry.red_flags:
        enrolment.refer = worse_refer(Refer(enrolment.refer), level_of(code))
    enrolment.paused_at = enrolment.paused_at or now
    enrolment.save(update_fields=["refer", "paused_at"])
