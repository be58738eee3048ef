"""What the rules ask about a snapshot, each question worked out once.

Sources stand beside the rules (``rules.py``); here are only the definitions of
``docs/engine.md`` section 2: stage-day, session, flare, comfortable session.
"""

from collections.abc import Iterator

from programs.engine.entry import NOTHING, Entry
from programs.engine.once import once
from programs.engine.snapshot import Snapshot
from programs.engine.values import SessionKind, Warmup

_DONE = SessionKind.DONE
_NO_SORENESS = Warmup.NONE
QUIET_DAYS = 3
LOG_WINDOW_DAYS = 7


class Facts:
    """A snapshot with the derived values that several rules share."""

    def __init__(self, snapshot: Snapshot):
        state = snapshot.state
        self.snapshot = snapshot
        self.state = state
        self.day = snapshot.day
        self.constants = snapshot.programme.constants
        self.stage = snapshot.programme.stages[state.stage]
        self.entries = snapshot.entries
        self.today = snapshot.entries.get(snapshot.day, NOTHING)
        self.yesterday = snapshot.entries.get(snapshot.day - 1, NOTHING)
        self.stage_day = snapshot.day - state.entered + 1
        self.is_rest = self.stage.is_rest
        self.is_running = self.stage.is_running

    @property
    def programme_day(self) -> int:
        return self.day - self.state.started + 1

    @property
    def at_floor(self) -> bool:
        """In S1 of the rules: the gentlest active stage, nothing lower to go to."""
        return self.state.stage == self.snapshot.programme.floor

    @property
    def at_last(self) -> bool:
        return self.state.stage == self.snapshot.programme.last

    # --- flares ----------------------------------------------------------------
    def is_flare(self, morning: int | None) -> bool:
        """Is this waking pain a flare against the frozen baseline?"""
        baseline = self.state.baseline
        return (
            morning is not None and baseline is not None and morning >= baseline + self.constants.flare_delta
        )

    @once
    def flare_today(self) -> bool:
        return self.yesterday.has_session and self.is_flare(self.today.morning)

    # --- sessions of this stage --------------------------------------------------
    def under_this_stage(self, entry: Entry) -> bool:
        """Was the entry made under the stage that it would support? Whoever asks bounds the days."""
        return entry.stage_shown in (None, self.stage.key)

    def earlier_sessions(self, before: int) -> Iterator[tuple[int, Entry]]:
        """Sessions of this stage before a day, newest first."""
        for day in range(before - 1, self.state.entered - 1, -1):
            entry = self.entries.get(day)
            if entry is not None and entry.has_session and self.under_this_stage(entry):
                yield day, entry

    def previous_session(self, before: int) -> tuple[int, Entry] | None:
        return next(self.earlier_sessions(before), None)

    def next_morning(self, day: int) -> int | None:
        return self.entries.get(day + 1, NOTHING).morning

    def qualifies(self, entry: Entry, morning: int | None) -> bool:
        """A comfortable (qualifying) session: ``docs/engine.md`` section 2."""
        q = self.stage.q
        baseline = self.state.baseline
        return (
            entry.session is _DONE
            and entry.during is not None
            and entry.after is not None
            and morning is not None
            and baseline is not None
            and entry.during <= q
            and entry.after <= q
            and morning <= q
            and morning < baseline + self.constants.flare_delta
            and entry.warmup is _NO_SORENESS
            and not entry.limp
        )

    @once
    def planned_sessions(self) -> list[tuple[int, Entry]]:
        """The last N planned sessions that can count, newest first.

        Of this stage, at most ``session_max_age_days`` old, before today.
        """
        oldest = max(self.state.entered, self.day - self.constants.session_max_age_days)
        found: list[tuple[int, Entry]] = []
        for day in range(self.day - 1, oldest - 1, -1):
            entry = self.entries.get(day)
            if entry is None or not entry.was_planned or not self.under_this_stage(entry):
                continue
            found.append((day, entry))
            if len(found) == self.stage.need_sessions:
                break
        return found

    @once
    def comfortable_in_a_row(self) -> int:
        """How many of the newest planned sessions qualify without a break."""
        count = 0
        for day, entry in self.planned_sessions:
            if not self.qualifies(entry, self.next_morning(day)):
                break
            count += 1
        return count

    # --- days --------------------------------------------------------------------
    @once
    def logged_days(self) -> int:
        """Days with a score at rest among the last seven of this stage."""
        oldest = max(self.state.entered, self.day - LOG_WINDOW_DAYS + 1)
        entry_of = self.entries.get
        count = 0
        for day in range(oldest, self.day + 1):
            entry = entry_of(day)
            if entry is not None and entry.rest is not None:
                count += 1
        return count

    @once
    def last_three(self) -> tuple[Entry, Entry, Entry]:
        """Today and the two days before it, newest first."""
        return (self.today, self.yesterday, self.entries.get(self.day - 2, NOTHING))

    @once
    def leg_pain_before(self) -> bool:
        """Pain below the knee on one of the previous two days."""
        return self.yesterday.below_knee or self.last_three[2].below_knee

    @once
    def missing_before_today(self) -> int:
        """Consecutive missing days that end yesterday."""
        count = 0
        for day in range(self.day - 1, self.snapshot.first_day - 1, -1):
            if self.entries.get(day, NOTHING).logged:
                break
            count += 1
        return count

    @once
    def strikes_before(self) -> int:
        """Step-backs in the window that ends today, today not counted."""
        oldest = self.day - self.constants.strikes_window_days + 1
        return sum(oldest <= day < self.day for day in self.state.step_backs)

    @property
    def in_cooldown(self) -> bool:
        until = self.state.cooldown_until
        return until is not None and self.day <= until
