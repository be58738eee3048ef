"""Whether a mail by the clock is wanted on a date, from what its recipient did and how she stands.

None is: nothing is wanted, and nothing is written down. A reason is: it is
wanted as she chose, and this is why it is recorded and not sent.
"""

import datetime
from dataclasses import dataclass

from programs.mailing.clockwork import Wanted
from programs.mailing.kinds import SILENCED
from programs.mailing.reasons import ANSWERED, BOUNCES, LOGGED, PAUSED
from programs.models import MessageKind

#: [D] Whole local dates without a word after which we ask once whether to pause, and then are quiet.
SILENT_DAYS = 7
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RunnerFacts:
    """How a runner with a programme stands; dates are local ones."""

    began_on: datetime.date
    #: The newest date on which she logged, came back from a pause, or chose this mail.
    last_sign: datetime.date
    #: Dates with the daily score, with the score on waking, with a session that she did.
    scored: frozenset[datetime.date] = frozenset()
    woken: frozenset[datetime.date] = frozenset()
    ran: frozenset[datetime.date] = frozenset()
    #: The newest date for which we asked whether to pause.
    asked_on: datetime.date | None = None
    asks_if_silent: bool = True
    is_paused: bool = False
    bounces: bool = False


@dataclass(frozen=True, slots=True)
class ClinicianFacts:
    """``lets_in``: at least one runner does."""

    lets_in: bool
    bounces: bool = False


def of_clinician(facts: ClinicianFacts, kind: str) -> Wanted | None:
    """Whether somebody needs her is asked when the mail goes out."""
    if not facts.lets_in:
        return None
    return Wanted(kind, BOUNCES if facts.bounces else "")


def of_runner(facts: RunnerFacts, kind: str, date: datetime.date) -> Wanted | None:
    if date < facts.began_on:
        return None
    if _is_silent(facts, date):
        return _when_silent(facts, kind)
    if not _has_matter(facts, kind, date):
        return None
    return Wanted(kind, _why_not(facts, kind, date))


def _has_matter(facts: RunnerFacts, kind: str, date: datetime.date) -> bool:
    """A session yesterday to ask about; a day of last week to tell of."""
    if kind == MessageKind.MORNING_AFTER:
        return date - ONE_DAY in facts.ran
    return kind != MessageKind.WEEKLY or facts.began_on < date


def _is_silent(facts: RunnerFacts, date: datetime.date) -> bool:
    """While the site itself has told her to pause, silence says nothing."""
    if facts.is_paused or not facts.asks_if_silent:
        return False
    return (date - facts.last_sign).days > SILENT_DAYS


def _when_silent(facts: RunnerFacts, kind: str) -> Wanted | None:
    """One question in place of whichever would come first; then nothing until she logs again."""
    if kind not in SILENCED:
        return None
    if facts.asked_on is not None and facts.asked_on > facts.last_sign:
        return None
    return Wanted(MessageKind.SILENT, BOUNCES if facts.bounces else "")


def _why_not(facts: RunnerFacts, kind: str, date: datetime.date) -> str:
    if facts.is_paused:
        return PAUSED
    if kind == MessageKind.MORNING_AFTER:
        if date in facts.woken:
            return ANSWERED
    elif kind != MessageKind.WEEKLY and date in facts.scored:
        return LOGGED
    return BOUNCES if facts.bounces else ""
