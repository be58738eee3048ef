"""What has become true since mails were owed: read for a batch, each thing by one query or none."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import Consent, Role
from programs.mailing import SILENCED, choices_behind, rule_of
from programs.models import (
    Adjustment,
    Decision,
    DiaryEntry,
    Discharge,
    MailChoice,
    MessageKind,
    MessageOwed,
    Override,
    ReadMark,
    SharedMessage,
)
from programs.services.clock_facts import LONGEST_BACK
from programs.services.flag_notices import why_notices_unwanted
from programs.services.overtaken import OF_PAUSES, OF_STEPS, on_another_step, told_worse
from programs.services.restored_news import told_before_a_restore
from programs.ways_out import asked_first

#: About what she reports of one date.
ASKING = (
    MessageKind.REMINDER,
    MessageKind.NUDGE,
    MessageKind.AGAIN,
    MessageKind.SILENT,
    MessageKind.MORNING_AFTER,
)


@dataclass(frozen=True, slots=True)
class Reported:
    """What one entry says, as far as a mail asks for it."""

    date: datetime.date
    has_score: bool
    has_morning: bool
    recorded_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Of a batch of messages; keys are ids."""

    is_on: dict[tuple[int, str], bool] = field(default_factory=dict)
    entries: dict[int, list[Reported]] = field(default_factory=dict)
    #: (runner, clinician) with a consent in force, and clinicians with any.
    lets_in: frozenset[tuple[int, int]] = frozenset()
    let_in: frozenset[int] = frozenset()
    replaced: frozenset[int] = frozenset()
    #: Messages about a step that is not hers now, and about a pause that has become more pressing.
    on_another_step: frozenset[int] = frozenset()
    told_worse: frozenset[int] = frozenset()
    #: News of days that are closed once more since a backup was restored.
    told_before: frozenset[int] = frozenset()
    read: frozenset[int] = frozenset()
    notices: dict[int, str] = field(default_factory=dict)
    #: Message that asks once more -> kind of the mail that asked first.
    asked_first: dict[int, str] = field(default_factory=dict)

    def chose_all(self, row: MessageOwed) -> bool:
        """Whether everything is on that this mail depends on."""
        if row.kind == MessageKind.SILENT:
            # It came in place of any of them, and who wants none of them is asked nothing.
            hers = any(self.chose(row.recipient_id, kind) for kind in SILENCED)
            return hers and self.chose(row.recipient_id, row.kind)
        first = self.asked_first.get(row.pk)
        kinds = (first,) if first else choices_behind(row.kind)
        return all(self.chose(row.recipient_id, kind) for kind in kinds)

    def chose(self, person_id: int, kind: str) -> bool:
        """Whether she wants this kind; without a choice of hers as for everybody."""
        return self.is_on.get((person_id, kind), rule_of(kind).is_on)


def meanwhile(messages: Sequence[MessageOwed], now: datetime.datetime) -> Meanwhile:
    """At most fourteen queries, however many messages."""
    lets_in = _lets_in(messages, now)
    flags = [row for row in messages if row.kind == MessageKind.FLAG_UNSEEN]
    return Meanwhile(
        is_on=_is_on(messages),
        entries=_entries([row for row in messages if row.kind in ASKING]),
        lets_in=lets_in,
        let_in=frozenset(clinician for _, clinician in lets_in),
        replaced=_replaced([row for row in messages if row.kind == MessageKind.ADVANCE]),
        on_another_step=on_another_step([row for row in messages if row.kind in OF_STEPS]),
        told_worse=told_worse([row for row in messages if row.kind in OF_PAUSES]),
        told_before=told_before_a_restore(messages),
        read=_read([row for row in messages if row.kind == MessageKind.WRITTEN]),
        notices=why_notices_unwanted(flags, lets_in, now) if flags else {},
        asked_first=asked_first(messages),
    )


def _is_on(messages: Sequence[MessageOwed]) -> dict[tuple[int, str], bool]:
    rows = MailChoice.objects.filter(person__in={row.recipient_id for row in messages})
    return {(person, kind): is_on for person, kind, is_on in rows.values_list("person", "kind", "is_on")}


def _entries(messages: list[MessageOwed]) -> dict[int, list[Reported]]:
    found: dict[int, list[Reported]] = {}
    if messages:
        first = min(row.local_date for row in messages) - LONGEST_BACK
        rows = DiaryEntry.objects.filter(
            enrolment__in={row.enrolment_id for row in messages}, date__gte=first
        )
        columns = ("enrolment", "date", "rest", "morning", "recorded_at")
        for enrolment, date, rest, morning, at in rows.order_by("enrolment", "date").values_list(*columns):
            reported = Reported(date, rest is not None, morning is not None, at)
            found.setdefault(enrolment, []).append(reported)
    return found


def _lets_in(messages: Sequence[MessageOwed], now: datetime.datetime) -> frozenset[tuple[int, int]]:
    clinicians = {row.recipient_id for row in messages if row.recipient.role == Role.CLINICIAN}
    if not clinicians:
        return frozenset()
    rows = Consent.objects.in_force(now).filter(clinician__in=clinicians)
    return frozenset(rows.values_list("runner", "clinician"))


def _replaced(messages: list[MessageOwed]) -> frozenset[int]:
    """Decisions that a correction has replaced."""
    ids = {row.decision_id for row in messages}
    later = Decision.objects.filter(supersedes__in=ids).values_list("supersedes", flat=True) if ids else ()
    return frozenset(later)


def _read(messages: list[MessageOwed]) -> frozenset[int]:
    """Messages that tell of words alone, all of which she has read; an act has no mark that it was read."""
    if not messages:
        return frozenset()
    since = {"enrolment": OuterRef("enrolment")}
    acted = [
        Exists(model.objects.filter(made_at__gte=OuterRef("created_at"), **since).exclude(made_by=_SHE))
        for model in (Override, Adjustment, Discharge)
    ]
    words = SharedMessage.objects.filter(written_at__gte=OuterRef("created_at"), **since)
    words = words.exclude(written_by=_SHE)
    marks = ReadMark.objects.filter(reader=_SHE, **since).values("read_through")
    rows = MessageOwed.objects.filter(pk__in=[row.pk for row in messages])
    rows = rows.annotate(read_through=Subquery(marks), acted=Q(acted[0]) | Q(acted[1]) | Q(acted[2]))
    rows = rows.filter(~Exists(words.filter(written_at__gt=OuterRef("read_through"))), Exists(words))
    return frozenset(rows.filter(acted=False, read_through__isnull=False).values_list("pk", flat=True))


_SHE = OuterRef("recipient")
