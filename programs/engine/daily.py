"""The daily value: what one day counts as, of its check-in and the extra pain notes beside it.

A note can make a day look worse and never better: whatever notes are added, no
decision becomes less careful. Described with examples in ``docs/engine.md``
("The daily value"). Withdrawn and replaced notes are left out before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from programs.engine.entry import Entry, InvalidEntry, Nprs
from programs.engine.values import DONE_SOMETHING, Leg, Occasion, SessionKind, Site

#: A session score that the check-in leaves open is taken from a note from here
#: on: above every q and at every ``red_at`` that a programme may set. A lower
#: one would complete a comfortable session, so it would allow what silence
#: does not.
FILLS_FROM = 6
AT_REST = (Occasion.REST, Occasion.FLARE)
IN_SESSION = (Occasion.DURING, Occasion.AFTER)
_ORDER = (Leg.NONE, Leg.ABOVE_KNEE, Leg.BELOW_KNEE)


@dataclass(frozen=True, slots=True)
class Note:
    """One extra score: on which occasion, where, how much."""

    occasion: Occasion
    site: Site
    score: int

    def __post_init__(self):
        Nprs(self.score)


def furthest(sites: Iterable[Site]) -> Leg:
    """How far down the leg it hurts; back, buttock and elsewhere are no leg pain."""
    found = set(sites)
    if Site.BELOW_KNEE in found:
        return Leg.BELOW_KNEE
    return Leg.ABOVE_KNEE if Site.ABOVE_KNEE in found else Leg.NONE


def contradicts(session: SessionKind | None, occasion: Occasion) -> bool:
    """A note about a session on a day whose check-in says that none was done."""
    return occasion in IN_SESSION and session is not None and session not in DONE_SOMETHING


def daily_value(said: Entry, notes: Sequence[Note]) -> Entry:
    """The entry that the rules read. Raises InvalidEntry where check-in and notes contradict each other.

    A day without a check-in stays missing, with a gap that goes on; all that
    notes add to it is leg pain.
    """
    if not notes:
        return said
    leg = _further(said.leg, furthest(note.site for note in notes if note.score >= 1))
    if said.missing:
        return replace(said, leg=leg)
    if any(contradicts(said.session, note.occasion) for note in notes):
        raise InvalidEntry("session", "a note is about a session but none was done; correct one of them")
    values = {"leg": leg, "rest": _at_rest(said.rest, notes)}
    if said.has_session:
        values["during"] = _worst(said.during, notes, Occasion.DURING)
        values["after"] = _worst(said.after, notes, Occasion.AFTER)
    return replace(said, **values)


def _further(first: Leg, second: Leg) -> Leg:
    return max(first, second, key=_ORDER.index)


def _at_rest(score: int | None, notes: Sequence[Note]) -> int | None:
    """The highest mean of the check-in's average with any of the notes; silence stays silence."""
    if score is None:
        return None
    highest, total = score, score
    worst_first = sorted((note.score for note in notes if note.occasion in AT_REST), reverse=True)
    for count, more in enumerate(worst_first, start=2):
        total += more
        highest = max(highest, (2 * total + count) // (2 * count))
    return highest


def _worst(score: int | None, notes: Sequence[Note], occasion: Occasion) -> int | None:
    """The worst of all that was said; a score left open is filled only from ``FILLS_FROM`` on."""
    noted = max((note.score for note in notes if note.occasion is occasion), default=None)
    if score is None:
        return noted if noted is not None and noted >= FILLS_FROM else None
    return score if noted is None else max(score, noted)
