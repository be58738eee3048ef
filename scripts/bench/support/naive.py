"""How anybody would close a day first: a query for each thing, a save for each row."""

import datetime

from django.db import transaction

from programs.engine.calendar import closing_instant
from programs.engine.decide import decide
from programs.engine.plan import plan_for
from programs.engine.values import Trigger
from programs.models import Enrolment, PlannedSession
from programs.services.ledger import ledger_row, set_state, state_after
from programs.snapshots import histories_of, programme_of, snapshot_of, wishes_of


@transaction.atomic
def close_naively(pk: int, now: datetime.datetime) -> None:
    enrolment = Enrolment.objects.select_for_update().get(pk=pk)
    programme, history = programme_of(enrolment.version), histories_of([enrolment])[pk]
    date = enrolment.open_date
    snapshot = snapshot_of(enrolment, programme, history, date)
    decided = decide(snapshot)
    row = ledger_row(decided, enrolment, trigger=Trigger.DAY_CLOSE, now=now, job="naive")
    row.save()
    set_state(enrolment, state_after(decided, enrolment, now), programme, now)
    next_day = date + datetime.timedelta(days=1)
    enrolment.decided_through = date
    enrolment.closes_at = closing_instant(next_day, enrolment.runner.zone, 3)
    enrolment.save()
    plan = plan_for(snapshot_of(enrolment, programme, history, next_day), wishes_of(enrolment, history))
    if plan.has_session:
        stage = programme.stages[plan.stage].key
        PlannedSession.objects.get_or_create(enrolment=enrolment, date=next_day, defaults={"stage": stage})
