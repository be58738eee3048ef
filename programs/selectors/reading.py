"""One enrolment as the engine sees it on the runner's own date: read once per page."""

import datetime
from dataclasses import dataclass, replace

from programs.engine.calendar import local_date
from programs.engine.daily import AT_REST
from programs.engine.decide import Decision as EngineDecision
from programs.engine.decide import decide
from programs.engine.entry import NOTHING, Entry
from programs.engine.facts import Facts
from programs.engine.plan import Plan, plan_for
from programs.engine.run_limit import LOOK_BACK_DAYS
from programs.engine.snapshot import Snapshot, State
from programs.engine.transition import after
from programs.engine.values import Occasion, Outcome
from programs.engine.week import Wishes
from programs.models import Enrolment, PainNote
from programs.snapshots import (
    History,
    histories_of,
    notes_in_force,
    programme_of,
    says_nothing,
    snapshot_of,
    wishes_of,
)

#: After so long without a decision of a day that is over, the page says so.
OVERDUE = datetime.timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows and snapshot of one page; ``today`` is the runner's local date."""

    enrolment: Enrolment
    today: datetime.date
    history: History
    snapshot: Snapshot

    @property
    def is_closed(self) -> bool:
        """Today was decided already (a demonstration closes days early)."""
        return self.enrolment.decided_through >= self.today

    @property
    def library_edition(self) -> int | None:
        """As the door of the page read it; None where the enrolment came another way."""
        return getattr(self.enrolment, "library_edition", None)

    @property
    def rest_cap(self) -> datetime.timedelta:
        return datetime.timedelta(days=self.snapshot.programme.constants.rest_cap_days)

    def entry(self, date: datetime.date) -> Entry:
        return self.history.entries.get(date.toordinal(), NOTHING)

    def facts(self) -> Facts:
        return Facts(self.snapshot)

    def plan(self) -> Plan:
        """What today asks for. What days before it will ask for, once decided, counts already."""
        if self.enrolment.open_date >= self.today:
            return plan_for(self.snapshot, self.wishes)
        return plan_for(replace(self.snapshot, state=self._state_after_open_days()), self.wishes)

    @property
    def wishes(self) -> Wishes:
        """Her wishes; what today asks for was fixed when it began, whatever she has changed since."""
        wishes = wishes_of(self.enrolment, self.history)
        if not self.entry(self.today).planned:
            return wishes
        return replace(wishes, choices={**wishes.choices, self.today.toordinal(): True})

    @property
    def waits_for_check_in(self) -> bool:
        """A note of today says pain that stops a session, and no check-in yet says what became of it.

        The rules read notes beside a check-in only (engine/daily.py), so the page has to hold back.
        """
        today = self.today.toordinal()
        row = self.history.rows.get(today)
        if row is None or not says_nothing(row):
            return False
        return any(self._stops(note) for note in notes_in_force(self.history.notes[today]))

    def _stops(self, note: PainNote) -> bool:
        constants = self.snapshot.programme.constants
        at_rest = Occasion(note.occasion) in AT_REST
        return note.score >= (constants.severe_at if at_rest else constants.red_at)

    def _state_after_open_days(self) -> State:
        """The state without an advance: nobody is shown a step that was not decided."""
        state, date = self.snapshot.state, self.enrolment.open_date
        while date < self.today:
            decided = decide(snapshot_of(self.enrolment, self.snapshot.programme, self.history, date, state))
            if decided.outcome is not Outcome.ADVANCE:
                state = after(decided, self.today.toordinal())
            date += datetime.timedelta(days=1)
        return state

    def outlook(self) -> EngineDecision | None:
        """Tonight's decision if nothing else comes in; None where an earlier day comes first."""
        if self.enrolment.open_date != self.today:
            return None
        return decide(self.snapshot)

    def decide_open_day(self) -> EngineDecision:
        """The day that is decided next, as it stands: today, one before it, or the one after it."""
        programme, date = self.snapshot.programme, self.enrolment.open_date
        return self.outlook() or decide(snapshot_of(self.enrolment, programme, self.history, date))

    def overdue_since(self, now: datetime.datetime) -> datetime.date | None:
        """The last decided date, where the jobs are late by more than a day; else None."""
        late = now - self.enrolment.closes_at > OVERDUE
        return self.enrolment.decided_through if late else None


def read(enrolment: Enrolment, now: datetime.datetime) -> Reading:
    """Read what a page about this enrolment needs, in four queries however long the diary is."""
    today = local_date(now, enrolment.runner.zone)
    programme = programme_of(enrolment.version)
    first = min(today, enrolment.open_date)
    histories = histories_of([enrolment], first=first, days_back=LOOK_BACK_DAYS, as_it_stands=True)
    history = histories[enrolment.pk]
    return Reading(enrolment, today, history, snapshot_of(enrolment, programme, history, today))
