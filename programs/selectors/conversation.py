"""The messages of a runner and those whom she let in, the newest first."""

import datetime
import uuid
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef

from accounts.models import User
from programs.correspondence import may_still_write, readers_of, unread_by, unread_column
from programs.models import Enrolment, SharedMessage
from programs.said import said
from programs.snapshots import contacts_of

PER_PAGE = 30
#: On the page of a runner; the rest has a page of its own.
LAST = 3


@dataclass(frozen=True, slots=True)
class Message:
    """``written_at`` is what the reader's own clock showed."""

    key: uuid.UUID
    who: str
    words: str
    written_at: datetime.datetime
    is_mine: bool
    is_unread: bool


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call instead of writing."""

    emergency: str
    urgent: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One page of it. ``through`` is the instant of the newest one on it, as a form takes it back.

    ``readers`` are those whom the runner let in; ``may_write`` says that somebody would read it.
    """

    public_id: uuid.UUID | None
    name: str
    messages: tuple[Message, ...]
    unread: int
    through: str
    readers: tuple[str, ...]
    may_write: bool
    has_ended: bool
    call: Call | None
    number: int = 1
    pages: int = 1

    @property
    def read(self) -> tuple[Message, ...]:
        """Of those on this page, what is not new to the reader."""
        return tuple(message for message in self.messages if not message.is_unread)

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


@dataclass(frozen=True, slots=True)
class LastMessages:
    """What stands on the physiotherapist's page of a runner."""

    messages: tuple[Message, ...]
    unread: int


def conversation_page(
    *, enrolments: list[Enrolment], reader: User, now: datetime.datetime, number: int | str = 1
) -> Conversation:
    """All messages of these programmes of one runner; the first is the one to write in (six queries)."""
    rows = SharedMessage.objects.filter(enrolment__in=[enrolment.pk for enrolment in enrolments])
    page = Paginator(_newest_first(rows, reader), PER_PAGE).get_page(number)
    found = list(page.object_list)
    first = enrolments[0] if enrolments else None
    readers = readers_of(first, now) if first else []
    mine = unread_by(reader).filter(enrolment__in=[enrolment.pk for enrolment in enrolments])
    contacts = contacts_of(first) if first else None
    return Conversation(
        public_id=first.public_id if first else None,
        name=str(first.runner) if first else "",
        messages=tuple(_message(row, reader) for row in found),
        unread=mine.count(),
        through=found[0].written_at.isoformat() if found else "",
        readers=tuple(str(consent.clinician) for consent in readers),
        may_write=bool(first and readers and may_still_write(first, now)),
        has_ended=bool(first) and not first.is_active,
        call=Call(said(contacts.emergency_number), said(contacts.urgent_service)) if contacts else None,
        number=page.number,
        pages=page.paginator.num_pages,
    )


def last_messages(enrolment: Enrolment, reader: User) -> LastMessages:
    """The newest few, and how many are unread (one query)."""
    rows = _newest_first(SharedMessage.objects.filter(enrolment=enrolment), reader)
    unread = unread_column(reader, unread_by(reader).filter(enrolment=enrolment))
    found = list(rows.annotate(unread=unread)[:LAST])
    return LastMessages(
        messages=tuple(_message(row, reader) for row in found), unread=found[0].unread if found else 0
    )


def _newest_first(rows, reader: User):
    """With their writers, and whether the reader has read them."""
    unread = Exists(unread_by(reader).filter(pk=OuterRef("pk")))
    rows = rows.annotate(is_unread=unread).select_related("written_by")
    return rows.order_by("-written_at", "-pk")


def _message(row: SharedMessage, reader: User) -> Message:
    return Message(
        key=row.key,
        who=str(row.written_by),
        words=row.words,
        # Naive, or a template would turn it back into the site's zone.
        written_at=row.written_at.astimezone(reader.zone).replace(tzinfo=None),
        is_mine=row.written_by_id == reader.pk,
        is_unread=row.is_unread,
    )
