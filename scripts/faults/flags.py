"""Red flags that runners give while services fail, and what must have become of each; run inside Django.

A red flag acts in the transaction of its answer. Afterwards it stands in the entry, a decision of
that day pauses the programme, one open case holds it, and everybody whom she lets in has been told
or will be. Nothing but a person's act ends that.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Consent
from programs.engine.redflags import level_of
from programs.engine.values import REFER_RANK, Outcome, Refer, Trigger
from programs.mailing.reasons import CLEARED, TOLD_WORSE
from programs.models import (
    Decision,
    DiaryEntry,
    Enrolment,
    MessageKind,
    MessageOwed,
    MessageStatus,
    Override,
    OverrideKind,
    RedFlagCase,
)

CLEARS = (OverrideKind.CLEAR_PAUSE, OverrideKind.SELF_CLEAR)


@dataclass(frozen=True)
class Flag:
    """One that was taken: in the entry of ``date``, on her ``day``, between two instants."""

    enrolment: int
    date: datetime.date
    day: datetime.date
    since: datetime.datetime
    until: datetime.datetime
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return f"enrolment {self.enrolment}: the red flag {', '.join(self.codes)} of {self.day}"

    @property
    def rank(self) -> int:
        return max(REFER_RANK[level_of(code)] for code in self.codes)


def from_json(kept: Iterable[dict]) -> list[Flag]:
    """As an act gave them."""
    return [_flag(**one) for one in kept]


def _flag(enrolment: int, date: str, day: str, since: str, until: str, codes: list[str]) -> Flag:
    dates = map(datetime.date.fromisoformat, (date, day))
    instants = map(datetime.datetime.fromisoformat, (since, until))
    return Flag(enrolment, *dates, *instants, codes=tuple(codes))


def lost(flags: Iterable[Flag], erased: Collection[int] = ()) -> list[str]:
    """What of each red flag is not there. Those of people who were erased have gone with them."""
    left = [flag for flag in flags if flag.enrolment not in erased]
    found = _Found({flag.enrolment for flag in left})
    return [what for flag in left for what in found.missing(flag)]


class _Found:
    """What the database holds about these enrolments; eight queries."""

    def __init__(self, enrolments: set[int]) -> None:
        self._rows = Enrolment.objects.in_bulk(enrolments)
        self._entries = {
            (row.enrolment_id, row.date): row.red_flags
            for row in DiaryEntry.objects.filter(enrolment__in=enrolments)
        }
        pauses = Decision.objects.filter(decision=Outcome.PAUSE_AND_REFER, trigger=Trigger.RED_FLAG)
        self._pauses = _by_enrolment(pauses.defer("inputs", "criteria"), enrolments)
        self._notices = _by_enrolment(
            MessageOwed.objects.filter(kind=MessageKind.CLINICIAN_PAUSE), enrolments
        )
        self._cases = _by_enrolment(RedFlagCase.objects.all(), enrolments)
        self._clears = _by_enrolment(Override.objects.filter(kind__in=CLEARS), enrolments)
        runners = {row.runner_id for row in self._rows.values()}
        self._consents = defaultdict(list)
        for consent in Consent.objects.filter(runner__in=runners, clinician__is_active=True):
            self._consents[consent.runner_id].append(consent)

    def missing(self, flag: Flag) -> Iterator[str]:
        if gone := set(flag.codes) - set(self._entries.get((flag.enrolment, flag.date), ())):
            yield f"{flag}: {', '.join(sorted(gone))} is not in the entry of {flag.date}"
        if not self._is_decided(flag):
            yield f"{flag}: no decision paused at once"
        yield from self._untold(flag)
        if not self._was_cleared(flag):
            yield from self._not_in_force(flag)

    def _is_decided(self, flag: Flag) -> bool:
        """By a decision of her day, or by a more pressing one that was in force."""
        earlier = [act.made_at for act in self._clears[flag.enrolment] if act.made_at < flag.since]
        since = max(earlier, default=datetime.datetime.min.replace(tzinfo=datetime.UTC))
        for row in self._pauses[flag.enrolment]:
            rank = REFER_RANK[Refer(row.refer)]
            is_of_the_day = row.date in (flag.day, flag.date) and rank == flag.rank
            if since <= row.decided_at <= flag.until and (is_of_the_day or rank > flag.rank):
                return True
        return False

    def _untold(self, flag: Flag) -> Iterator[str]:
        """A notice to everybody let in, of her day or later; the database sees to it that each says why."""
        for consent in self._consents[self._rows[flag.enrolment].runner_id]:
            if consent.granted_at > flag.since or consent.revoked_at:
                continue
            to = f"the notice to clinician {consent.clinician_id}"
            rows = [row for row in self._notices[flag.enrolment] if _is_of(row, flag, consent)]
            if not rows:
                yield f"{flag}: {to} is not there"
            for row in rows:
                if row.status == MessageStatus.SKIPPED and not self._is_good(row.outcome, flag):
                    yield f"{flag}: {to} was skipped: {row.outcome!r}"

    def _is_good(self, reason: str, flag: Flag) -> bool:
        """Of a pause that goes on only who was told of a worse one need not hear."""
        return reason == TOLD_WORSE or (reason == CLEARED and self._was_cleared(flag))

    def _not_in_force(self, flag: Flag) -> Iterator[str]:
        row, cases = self._rows[flag.enrolment], self._cases[flag.enrolment]
        if REFER_RANK[Refer(row.refer)] < flag.rank:
            yield f"{flag}: nobody ended its pause, and the programme is at {row.refer!r}"
        elif row.paused_at > flag.until:
            yield f"{flag}: its pause began only at {row.paused_at}"
        open_ones = [case for case in cases if case.closed_at is None]
        if len(open_ones) != 1:
            yield f"{flag}: {len(open_ones)} open cases"
        if len(cases) - len(open_ones) > len(self._clears[flag.enrolment]):
            yield f"{flag}: a case was closed, and nobody ended the pause"

    def _was_cleared(self, flag: Flag) -> bool:
        return any(act.made_at >= flag.since for act in self._clears[flag.enrolment])


def _by_enrolment(rows, enrolments: set[int]) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows.filter(enrolment__in=enrolments):
        found[row.enrolment_id].append(row)
    return found


def _is_of(row: MessageOwed, flag: Flag, consent: Consent) -> bool:
    is_new = row.local_date >= flag.day or row.created_at >= flag.since
    return is_new and row.recipient_id == consent.clinician_id
