"""Who needs the physiotherapist most, and why: facts of one runner -> one need.

Pure like the rules, and beside them because the definitions are shared: a
flare is a flare. A need ends by a person's act or by good data, never by age:
a high score that nobody followed stays on the list until a lower one comes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from programs.engine.entry import NOTHING, Entry
from programs.engine.values import Outcome, Refer

#: Days without any entry from which a runner counts as silent, where her clinic does not say.
SILENT_FROM_DAYS = 3


class NeedCode(StrEnum):
    """Every need, the most pressing first; the order here is the order of the caseload."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    PAUSED = "paused"
    WILL_PAUSE = "will_pause"
    ADVISED = "advised"
    WILL_STEP_BACK = "will_step_back"
    ABOVE_BASELINE = "above_baseline"
    WORSE_AFTER_SESSION = "worse_after_session"
    SET_ASIDE = "set_aside"
    SILENT = "silent"
    REVIEW_DUE = "review_due"
    SIGN_OFF = "sign_off"
    READY = "ready"
    FINE = "fine"


RANKS = {code: rank for rank, code in enumerate(NeedCode)}
#: Needs that nobody puts off: only a person who looks after the runner ends them.
NEVER_PUT_OFF = (NeedCode.EMERGENCY, NeedCode.URGENT)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the caseload knows of one runner. Days are ordinals, as in a snapshot.

    ``advised_since`` is the day of a referral that did not pause; ``stuck_on``
    the day that an error keeps from closing; ``review_on`` the day from which
    an act of a clinician is due for review; ``ready_since`` the day since which
    a person has to confirm that the stage may be left; ``outlook`` what the
    engine would decide of the open day as it stands; each None where there is
    none. ``silent_from``: after so many days without an entry she is silent.
    """

    today: int
    first_day: int
    entries: Mapping[int, Entry]
    baseline: int | None = None
    flare_delta: int = 2
    refer: Refer = Refer.NONE
    paused_on: int | None = None
    advised_since: int | None = None
    stuck_on: int | None = None
    review_on: int | None = None
    ready_since: int | None = None
    outlook: Outcome | None = None
    silent_from: int = SILENT_FROM_DAYS


@dataclass(frozen=True, slots=True)
class Need:
    """One runner's most pressing need, how many days it has stood, and its numbers."""

    code: NeedCode
    since_days: int = 0
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def rank(self) -> int:
        return RANKS[self.code]


def need_of(facts: CaseFacts) -> Need:
    """The first need that applies; the last always does."""
    for question in _QUESTIONS:
        need = question(facts)
        if need is not None:
            return need
    return Need(NeedCode.FINE)


def order_key(need: Need, name: str, last: int = 0) -> tuple[int, int, str, str, int]:
    """Sort key of a caseload: need, then the longest standing, then the name.

    ``last`` tells two of one name apart, so that no reload changes their places.
    """
    return (need.rank, -need.since_days, name.casefold(), name, last)


def is_put_off(need: Need, put_off: NeedCode, until: int, today: int) -> bool:
    """Is this runner still put off, by somebody who had ``put_off`` before her eyes?

    Through the day ``until``, unless a more pressing need has come since; an
    open red flag never is. Milder ones stay put off: they were behind it.
    """
    if need.code in NEVER_PUT_OFF or put_off in NEVER_PUT_OFF:
        return False
    return today <= until and need.rank >= RANKS[put_off]


def silent_days(facts: CaseFacts) -> int:
    """Whole days without an entry that end yesterday; today is not over."""
    if facts.entries.get(facts.today, NOTHING).logged:
        return 0
    logged = [day for day, entry in facts.entries.items() if entry.logged and day < facts.today]
    last = max(logged, default=facts.first_day - 1)
    return max(facts.today - 1 - last, 0)


# --- one question per need, in the order of NeedCode -----------------------------------
def _paused(facts: CaseFacts) -> Need | None:
    code = {
        Refer.EMERGENCY: NeedCode.EMERGENCY,
        Refer.URGENT: NeedCode.URGENT,
        Refer.ROUTINE: NeedCode.PAUSED,
    }.get(facts.refer)
    if code is None:
        return None
    since = facts.today if facts.paused_on is None else facts.paused_on
    return Need(code, facts.today - since)


def _advised(facts: CaseFacts) -> Need | None:
    if facts.advised_since is None:
        return None
    return Need(NeedCode.ADVISED, facts.today - facts.advised_since)


def _tonight(outcome: Outcome, code: NeedCode) -> Callable[[CaseFacts], Need | None]:
    """The question whether the open day, as it stands, ends with this outcome."""
    return lambda facts: Need(code) if facts.outlook is outcome else None


def _above_baseline(facts: CaseFacts) -> Need | None:
    """The newest score at rest is high, or the newest waking score with no session to explain it."""
    if _is_high(facts, "rest"):
        return _high(facts, NeedCode.ABOVE_BASELINE, "rest")
    if _is_high(facts, "morning") and not _follows_session(facts):
        return _high(facts, NeedCode.ABOVE_BASELINE, "morning")
    return None


def _worse_after_session(facts: CaseFacts) -> Need | None:
    if _is_high(facts, "morning") and _follows_session(facts):
        return _high(facts, NeedCode.WORSE_AFTER_SESSION, "morning")
    return None


def _set_aside(facts: CaseFacts) -> Need | None:
    if facts.stuck_on is None:
        return None
    return Need(NeedCode.SET_ASIDE, max(facts.today - facts.stuck_on, 0))


def _silent(facts: CaseFacts) -> Need | None:
    days = silent_days(facts)
    return Need(NeedCode.SILENT, days) if days >= facts.silent_from else None


def _review_due(facts: CaseFacts) -> Need | None:
    if facts.review_on is None or facts.review_on > facts.today:
        return None
    return Need(NeedCode.REVIEW_DUE, facts.today - facts.review_on)


def _sign_off(facts: CaseFacts) -> Need | None:
    if facts.ready_since is None:
        return None
    return Need(NeedCode.SIGN_OFF, max(facts.today - facts.ready_since, 0))


_QUESTIONS: tuple[Callable[[CaseFacts], Need | None], ...] = (
    _paused,
    _tonight(Outcome.PAUSE_AND_REFER, NeedCode.WILL_PAUSE),
    _advised,
    _tonight(Outcome.STEP_BACK, NeedCode.WILL_STEP_BACK),
    _above_baseline,
    _worse_after_session,
    _set_aside,
    _silent,
    _review_due,
    _sign_off,
    _tonight(Outcome.ADVANCE, NeedCode.READY),
)


# --- scores against the runner's own baseline -------------------------------------------
def _recorded(facts: CaseFacts, name: str) -> list[tuple[int, int]]:
    """(day, score) of every recorded score, newest first."""
    scores = ((day, getattr(entry, name)) for day, entry in facts.entries.items() if day <= facts.today)
    return sorted(((day, score) for day, score in scores if score is not None), reverse=True)


def _limit(facts: CaseFacts) -> int | None:
    return None if facts.baseline is None else facts.baseline + facts.flare_delta


def _newest(facts: CaseFacts, name: str) -> int | None:
    """The newest day with a score: asked of everybody on a list, so looked for from today back."""
    for day in range(facts.today, min(facts.entries, default=facts.today + 1) - 1, -1):
        if getattr(facts.entries.get(day, NOTHING), name) is not None:
            return day
    return None


def _is_high(facts: CaseFacts, name: str) -> bool:
    day, limit = _newest(facts, name), _limit(facts)
    return day is not None and limit is not None and getattr(facts.entries[day], name) >= limit


def _follows_session(facts: CaseFacts) -> bool:
    """Was there a session on the day before the newest waking score?"""
    day = _newest(facts, "morning")
    return day is not None and facts.entries.get(day - 1, NOTHING).has_session


def _high(facts: CaseFacts, code: NeedCode, name: str) -> Need:
    """The need with its score; it has stood since the first of the high scores in a row."""
    recorded, limit = _recorded(facts, name), _limit(facts)
    since = recorded[0][0]
    for day, score in recorded:
        if score < limit:
            break
        since = day
    numbers = {name: recorded[0][1], "baseline": facts.baseline, "on": recorded[0][0]}
    return Need(code, facts.today - since, numbers)
