"""The decision table read a second time, plainly and slowly, to compare the engine with.

Written from the words of ``docs/engine.md`` sections 1 to 4 alone; it shares no
code with the rules, only the values. Where the two differ one misreads them.
"""

from programs.engine.entry import Entry
from programs.engine.snapshot import Snapshot

EMERGENCY = {
    "CE_SADDLE",
    "CE_BLADDER",
    "CE_BOWEL",
    "CE_SEXUAL",
    "CE_BILATERAL_LEG",
    "LEG_WEAK_BOTH",
    "CHEST_PAIN",
    "MAJOR_TRAUMA",
}
SESSIONS = ("done", "partial", "stopped_pain")


class Reading:
    """One snapshot in the words of section 2; ``ago`` counts days back from today."""

    def __init__(self, snapshot: Snapshot):
        self.s, self.state = snapshot, snapshot.state
        self.c = snapshot.programme.constants
        self.stage = snapshot.programme.stages[snapshot.state.stage]
        kinds = [stage.kind.value for stage in snapshot.programme.stages]
        self.floor = min(place for place, kind in enumerate(kinds) if kind != "rest")
        self.is_last = snapshot.state.stage == len(kinds) - 1
        self.stage_day = snapshot.day - snapshot.state.entered + 1
        self.now = self.entry(0)

    def entry(self, ago: int) -> Entry | None:
        found = self.s.entries.get(self.s.day - ago)
        return None if found is None or found.missing else found

    def score(self, name: str, ago: int) -> int | None:
        entry = self.entry(ago)
        return None if entry is None else getattr(entry, name)

    def at_least(self, name: str, ago: int, limit: int) -> bool:
        score = self.score(name, ago)
        return score is not None and score >= limit

    def at_most(self, name: str, ago: int, limit: int) -> bool:
        score = self.score(name, ago)
        return score is not None and score <= limit

    def session(self, ago: int) -> str | None:
        entry = self.entry(ago)
        return entry.session.value if entry and entry.session and entry.session.value in SESSIONS else None

    def below_knee(self, ago: int) -> bool:
        entry = self.entry(ago)
        return entry is not None and entry.leg.value == "below_knee"

    def under_this_stage(self, ago: int) -> bool:
        found = self.s.entries.get(self.s.day - ago)
        shown = found.stage_shown if found else None
        return self.stage_day - ago >= 1 and shown in (None, self.stage.key)

    def session_before(self, ago: int) -> int | None:
        """Days ago of the session of this stage before that day."""
        for back in range(ago + 1, ago + 80):
            if self.session(back) and self.under_this_stage(back):
                return back
        return None

    def flare_after(self, ago: int) -> bool:
        baseline = self.state.baseline
        return baseline is not None and self.at_least("morning", ago - 1, baseline + self.c.flare_delta)

    # --- a planned session, and one that qualifies --------------------------------------
    def planned(self, ago: int) -> bool:
        found = self.s.entries.get(self.s.day - ago)
        if found is None:
            return False
        if found.missing or found.session is None:
            return found.planned
        return found.session.value not in ("none", "skipped")

    def qualifies(self, ago: int) -> bool:
        entry, q = self.entry(ago), self.stage.q
        return (
            self.session(ago) == "done"
            and self.at_most("during", ago, q)
            and self.at_most("after", ago, q)
            and entry.warmup.value == "none"
            and not entry.limp
            and self.at_most("morning", ago - 1, q)
            and self.state.baseline is not None
            and not self.flare_after(ago)
        )

    # --- the triggers of a step back ------------------------------------------------------
    def trigger(self) -> str | None:
        now = self.now
        if now is None or self.stage.kind.value == "rest":
            return None
        red = self.c.red_at
        earlier = self.session_before(1)
        gap = 0
        while self.s.day - gap - 1 >= self.s.first_day and self.entry(gap + 1) is None:
            gap += 1
        stopped_before = self.session_before(0)
        triggers = {
            "D5A_RED_PAIN": self.at_least("during", 0, red) or self.at_least("after", 0, red),
            "D5B_RED_MORNING": self.session(1)
            and self.at_least("morning", 0, red)
            and self.s.day - 1 not in self.state.step_backs,
            "D5C_TWO_FLARES": self.session(1)
            and self.under_this_stage(1)
            and self.flare_after(1)
            and earlier is not None
            and self.flare_after(earlier),
            "D5D_WARMUP": now.warmup.value in ("persisted", "resolved_returned"),
            "D5E_LIMP": now.limp,
            "D5F_TWO_STOPS": self.session(0) == "stopped_pain"
            and stopped_before is not None
            and self.session(stopped_before) == "stopped_pain",
            "D5G_LONG_GAP": self.stage.kind.value in ("alternate", "final") and gap >= self.c.long_gap_days,
        }
        return next((code for code, applies in triggers.items() if applies), None)

    def strikes(self) -> int:
        window = self.c.strikes_window_days - 1
        return len([day for day in self.state.step_backs if 1 <= self.s.day - day <= window])

    def not_better(self) -> bool:
        scores = [self.score("rest", ago) for ago in (0, 1, 2)]
        intake = self.state.intake
        programme_day = self.s.day - self.state.started + 1
        if self.stage.kind.value == "rest" or programme_day < self.c.not_better_from_day:
            return False
        if None in scores or intake is None or intake < self.c.not_better_floor:
            return False
        # Thirds of a point, so that nothing is rounded.
        now, then = sum(scores), 3 * intake
        return (
            now >= 3 * self.c.not_better_floor
            and then - now < 3 * self.c.not_better_points
            and (then - now) / then < self.c.not_better_percent / 100
        )


def _pauses(r: Reading) -> str | None:
    codes = r.now.red_flags if r.now else ()
    if EMERGENCY & set(codes):
        return "D1_EMERGENCY"
    if codes:
        return "D2_URGENT"
    if r.state.refer.value != "none":
        return "D3_PAUSED"
    if r.below_knee(0) and (r.below_knee(1) or r.below_knee(2)):
        return "D4A_LEG_PAIN"
    severe = r.c.severe_at
    resting = r.stage.kind.value == "rest"
    if not resting and r.at_least("rest", 0, severe) and r.at_least("rest", 1, severe):
        return "D4B_SEVERE"
    if resting and r.stage_day >= 2 and r.at_least("rest", 0, severe):
        return "D4C_S0_SEVERE"
    return None


def _step_backs(r: Reading) -> str | None:
    trigger = r.trigger()
    if trigger and r.strikes() >= r.c.strikes - 1:
        return "D4D_THREE_STRIKES"
    if trigger and r.state.stage == r.floor:
        return "D5Z_FLOOR"
    return trigger


def _people_and_time(r: Reading) -> str | None:
    until, hold = r.state.cooldown_until, r.state.hold
    resting = r.stage.kind.value == "rest"
    rows = {
        "D6_NOT_BETTER": r.not_better(),
        "D7B_PHYSIO_SET": r.s.stage_set is not None,
        "D7C_PHYSIO_CLEAR": r.s.cleared is not None,
        "D7A_PHYSIO_HOLD": hold is not None and r.s.day <= hold.until,
        "D8A_NO_LOG": r.score("rest", 0) is None,
        "D8B_COOLDOWN": until is not None and r.s.day <= until,
        "D8C_LEG_ONCE": r.below_knee(0) or (not resting and (r.below_knee(1) or r.below_knee(2))),
    }
    return next((code for code, applies in rows.items() if applies), None)


def _rest_stage(r: Reading) -> str | None:
    if r.stage.kind.value != "rest":
        return None
    if r.stage_day >= 1 and r.now.rest <= r.c.s0_eased_at:
        return "D9B_S0_EASED"
    if r.stage_day >= r.c.rest_cap_days and r.now.rest <= r.c.s0_cap_max:
        return "D9C_S0_CAP"
    return "D8N_S0_REST"


def _session_and_stage(r: Reading) -> str:
    q, stage = r.stage.q, r.stage
    planned = [
        ago for ago in range(1, r.c.session_max_age_days + 1) if r.planned(ago) and r.under_this_stage(ago)
    ]
    newest = planned[: stage.need_sessions]
    logged = [ago for ago in range(min(7, r.stage_day)) if r.score("rest", ago) is not None]
    quiet = all(r.at_most(name, ago, q) for name in ("rest", "morning") for ago in (0, 1, 2))
    rows = {
        "D8D_WARMUP_RESOLVED": r.now.warmup.value == "resolved",
        "D8E_STOPPED": r.session(0) == "stopped_pain",
        "D8F_FLARE": r.session(1) and r.flare_after(1),
        "D8G_AMBER": r.at_least("during", 0, q + 1) or r.at_least("after", 0, q + 1),
        "D8O_SCORE_MISSING": r.session(0) and None in (r.now.during, r.now.after),
        "D8H_FINAL": r.is_last,
        "D8I_PENDING": stage.kind.value == "alternate" and r.session(0),
        "D8J_MIN_DAYS": r.stage_day < stage.min_days,
        "D8K_FEW_LOGS": len(logged) < stage.min_logged,
        "D8L_SESSIONS": len(newest) < stage.need_sessions or not all(r.qualifies(ago) for ago in newest),
        "D8M_QUIET_DAYS": not quiet,
        "D8P_SIGN_OFF": stage.sign_off and r.s.signed_off is None,
    }
    return next((code for code, applies in rows.items() if applies), "D9A_ADVANCE")


def expected_rule(snapshot: Snapshot) -> str:
    r = Reading(snapshot)
    return _pauses(r) or _step_backs(r) or _people_and_time(r) or _rest_stage(r) or _session_and_stage(r)
