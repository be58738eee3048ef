"""What physiotherapists did, and a runner's own statement, as the rules read it."""

import datetime

from programs.engine.snapshot import Act, Hold
from programs.models import SETS_STAGE, Override, OverrideKind

#: Acts that end a pause.
CLEARS = (OverrideKind.CLEAR_PAUSE, OverrideKind.SELF_CLEAR)
#: Acts of a physiotherapist that put the runner on a stage: nothing automatic on that day.
SETS = (OverrideKind.SET_STAGE, OverrideKind.MOVE_VERSION)
#: Who cleared a pause where nobody but the runner could say so.
OWN_STATEMENT = "Your own statement"


def hold_of(overrides: list[Override]) -> Hold | None:
    """The newest hold; a newer one replaces an older one.

    It also holds back days before it that are decided after it: she who
    holds a runner in the night means the day that is about to be decided.
    """
    holds = [act for act in overrides if act.kind == OverrideKind.HOLD_UNTIL]
    if not holds:
        return None
    return Hold(holds[-1].until.toordinal(), str(holds[-1].made_by), holds[-1].reason)


def act_on(overrides: list[Override], kinds: tuple[str, ...], date: datetime.date) -> Act | None:
    """The last act of these kinds on that day."""
    acts = [act for act in overrides if act.kind in kinds and act.date == date]
    return Act(_who(acts[-1]), acts[-1].reason) if acts else None


def signed_off(overrides: list[Override], stage: str, entered: int, date: datetime.date) -> Act | None:
    """The confirmation that this stage may be left, if it was given on it: since its day 1, by ``date``.

    Whoever is put on a stage again, or goes on after a pause, waits for a new one. ``entered`` is an ordinal.
    """
    found = None
    for act in overrides:
        if act.date > date or act.date.toordinal() < entered:
            continue
        if act.kind in SETS_STAGE or act.kind in CLEARS:
            found = None
        elif act.kind == OverrideKind.SIGN_OFF and act.stage == stage:
            found = Act(_who(act), act.reason)
    return found


def _who(act: Override) -> str:
    """Who acted; a runner's own statement is called what it is, to her and to whoever reads it later."""
    return OWN_STATEMENT if act.kind == OverrideKind.SELF_CLEAR else str(act.made_by)
