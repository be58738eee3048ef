"""The runner's own week: her usual days to run, and a day moved. It never changes a decision."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext, ngettext

from programs.engine.calendar import local_date
from programs.engine.plan import PlanKind, week_ahead
from programs.engine.week import WEEKDAYS, DaysFault, Wishes, fault_of_days
from programs.models import DayChoice, Enrolment
from programs.said import said
from programs.services.calendar_feeds import plan_changed
from programs.services.errors import Refused
from programs.snapshots import histories_of, programme_of, snapshot_of, wishes_of
from programs.week_rules import DAYS_AHEAD, WeekRules, dates_ahead, week_rules


@transaction.atomic
def set_run_days(*, enrolment: Enrolment, weekdays: Iterable[int], now: datetime.datetime) -> None:
    """Keep the weekdays on which she likes to run (ISO, 1 is Monday); none for any day. Raises Refused."""
    locked = _locked(enrolment)
    days = frozenset(weekdays)
    rules = week_rules(locked.version, locked.stage)
    if rules is None or not days <= WEEKDAYS:
        raise Refused(gettext("Choose days of the week."), "run_days")
    programme = programme_of(locked.version)
    stage = programme.stages[programme.positions[rules.stage]]
    fault = fault_of_days(stage, days, rules.fewest)
    if fault:
        raise Refused(_words(fault, rules), "run_days")
    locked.run_days = sorted(days)
    locked.save(update_fields=["run_days"])
    plan_changed(runner_id=locked.runner_id, now=now)


@transaction.atomic
def choose_day(
    *, enrolment: Enrolment, now: datetime.datetime, date: datetime.date, wants_session: bool
) -> None:
    """Take a session on a coming date, or a day off. Raises Refused where the plan allows none."""
    locked = _locked(enrolment)
    today = local_date(now, locked.runner.zone)
    if date not in dates_ahead(today):
        raise Refused(
            ngettext(
                "Choose tomorrow.", "Choose a day from tomorrow on, at most %(days)d days ahead.", DAYS_AHEAD
            )
            % {"days": DAYS_AHEAD},
            "date",
        )
    history = histories_of([locked], first=min(today, locked.open_date))[locked.pk]
    snapshot = snapshot_of(locked, programme_of(locked.version), history, today)
    wishes = wishes_of(locked, history)
    wished = Wishes(wishes.weekdays, {**wishes.choices, date.toordinal(): wants_session})
    plan = week_ahead(snapshot, wished, DAYS_AHEAD + 1)[(date - today).days]
    if wants_session and not plan.has_session:
        raise Refused(_why_not(plan.kind, plan.why), "date")
    DayChoice.objects.update_or_create(
        enrolment=locked, date=date, defaults={"wants_session": wants_session, "chosen_at": now}
    )
    plan_changed(runner_id=locked.runner_id, now=now)


def _locked(enrolment: Enrolment) -> Enrolment:
    locked = Enrolment.objects.locked(enrolment.pk)
    if not locked.is_active:
        raise Refused(gettext("This programme has ended."))
    return locked


def _words(fault: DaysFault, rules: WeekRules) -> str:
    numbers = {"fewest": rules.fewest, "most": rules.most}
    if fault is DaysFault.TOO_CLOSE:
        return gettext("Leave a rest day between two runs, from Sunday to Monday too.")
    return gettext("Choose %(fewest)d to %(most)d days, or none at all.") % numbers


def _why_not(kind: PlanKind, why: str) -> str:
    if kind is PlanKind.REST_DAY:
        reason = said(why)
        return gettext("That day stays without a run: %(reason)s") % {"reason": reason}
    return gettext("There can be no run on that day.")
