"""The page on which a physiotherapist puts a runner off, with what the runner needs now."""

import datetime
import uuid
from dataclasses import dataclass

from accounts.models import User
from programs.models import Enrolment, Snooze
from programs.selectors.caseload_query import silent_from
from programs.selectors.caseload_row import PutOff, may_be_put_off
from programs.selectors.cases import cases_of
from programs.selectors.needs import NeedWords, words_of


@dataclass(frozen=True, slots=True)
class SnoozePage:
    """``put_off`` is what she put off before; a new one takes its place."""

    public_id: uuid.UUID
    name: str
    today: datetime.date
    need: str
    words: NeedWords
    may_be_put_off: bool
    put_off: PutOff | None


def snooze_page(*, enrolment: Enrolment, by: User, now: datetime.datetime) -> SnoozePage:
    """``enrolment`` comes with its runner and version."""
    case = cases_of([enrolment], now, silent_from=silent_from(by))[0]
    running = Snooze.objects.filter(enrolment=enrolment, made_by=by, ended_at__isnull=True).first()
    return SnoozePage(
        public_id=enrolment.public_id,
        name=str(enrolment.runner),
        today=case.today,
        need=case.need.code.value,
        words=words_of(case, by=by),
        may_be_put_off=enrolment.is_active and may_be_put_off(case.need),
        put_off=PutOff(running.until, running.note) if running and running.until >= case.today else None,
    )
