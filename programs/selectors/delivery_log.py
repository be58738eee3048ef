"""Every mail of the site in one list, newest first, for whoever runs it: to whom, which sort, which state."""

import datetime
import heapq
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import correlation
from accounts.models import AccountMail, Role, User
from programs.engine.calendar import instant_of
from programs.mailing.times import MIDNIGHT, ONE_DAY
from programs.models import MessageOwed
from programs.selectors.mail_metrics import (
    MailMetrics,
    late_account_mails,
    late_messages,
    mail_metrics,
    patience_with,
)
from programs.selectors.mail_sorts import KINDS, SORT_OF, SORTS, Sort, reason_of

PER_PAGE = 50
#: Accounts that a part of an address may stand for.
MOST_FOUND = 200
LONGEST_QUERY = 254


class State(StrEnum):
    WAITING = "waiting"
    LATE = "late"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    DEAD = "dead"


#: Words, tone, icon.
STATES = {
    State.WAITING: (_("waiting"), "info", "clock"),
    State.LATE: (_("late"), "hold", "warning"),
    State.SENT: (_("sent"), "advance", "check"),
    State.UNCERTAIN: (_("perhaps sent"), "hold", "question"),
    State.SKIPPED: (_("skipped"), "neutral", "info"),
    State.DEAD: (_("given up"), "pause", "cross"),
}
_SETTLED_AS = {
    "sent": State.SENT,
    "uncertain": State.UNCERTAIN,
    "skipped": State.SKIPPED,
    "expired": State.SKIPPED,
    "dead": State.DEAD,
}
_STATUSES = {
    State.SENT: ("sent",),
    State.UNCERTAIN: ("uncertain",),
    State.SKIPPED: ("skipped", "expired"),
    State.DEAD: ("dead",),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what is none of ours there asks for nothing."""

    query: str = ""
    state: State | None = None
    sort: Sort | None = None
    date: datetime.date | None = None
    before: tuple[int | None, int | None] = (None, None)

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        return cls(
            query=given.get("q", "").strip()[:LONGEST_QUERY],
            state=next((state for state in State if state == given.get("state")), None),
            sort=next((sort for sort in Sort if sort == given.get("sort")), None),
            date=_date(given.get("date", "")),
            before=_cursor(given.get("before", "")),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.state or self.sort or self.date)


@dataclass(frozen=True, slots=True)
class LogRow:
    """``address`` is empty where it belongs to no account: whom somebody invited is between the two."""

    address: str
    runner_id: int | None
    is_bouncing: bool
    sort: str
    state: State
    words: str
    tone: str
    icon: str
    wanted_at: datetime.datetime
    settled_at: datetime.datetime | None
    next_try: datetime.datetime | None
    tries: int
    message_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """``older`` goes into the address of the next page; empty on the last one."""

    rows: tuple[LogRow, ...]
    asked: Asked
    older: str
    metrics: MailMetrics

    @property
    def runner_ids(self) -> list[int]:
        return sorted({row.runner_id for row in self.rows if row.runner_id})


def delivery_log(*, viewer: User, asked: Asked, now: datetime.datetime) -> DeliveryLog:
    """One page, whatever is in the tables: at most nine queries."""
    people = _people(asked.query)
    streams = [
        [] if asked.sort == Sort.ACCOUNT else _messages(asked, people, viewer.zone, now),
        [] if asked.sort not in (None, Sort.ACCOUNT) else _account_mails(asked, people, viewer.zone, now),
    ]
    merged = list(heapq.merge(*streams, key=lambda found: found[0], reverse=True))
    shown, is_last = merged[:PER_PAGE], len(merged) <= PER_PAGE
    return DeliveryLog(
        rows=tuple(row for _at, _table, _pk, row in shown),
        asked=asked,
        older="" if is_last else _after(shown, streams, asked.before),
        metrics=mail_metrics(now=now, pressing=KINDS[Sort.SAFETY]),
    )


def _after(shown: list[tuple], streams: list[list[tuple]], before: tuple[int | None, int | None]) -> str:
    """Where each table goes on: behind what was shown of it, else where it began: newer ones stay newer."""
    last = dict(enumerate(before))
    last |= {table: found[0][2] + 1 for table, found in enumerate(streams) if found}
    last |= {table: pk for _at, table, pk, _row in shown}
    return "-".join(str(last[table] or "") for table in (0, 1))


def _people(query: str) -> list[int]:
    """Accounts whose address has that in it (one query)."""
    if not query:
        return []
    return list(User.objects.filter(email__icontains=query).values_list("pk", flat=True)[:MOST_FOUND])


def _messages(
    asked: Asked, people: list[int], zone: zoneinfo.ZoneInfo, now: datetime.datetime
) -> list[tuple]:
    late = late_messages(now, KINDS[Sort.SAFETY])
    rows = MessageOwed.objects.filter(_in_state(asked.state, late), _on(asked.date, zone))
    if asked.sort:
        rows = rows.filter(kind__in=KINDS[asked.sort])
    if asked.query:
        rows = rows.filter(_has_id(asked.query) | Q(recipient__in=people))
    # Who is told and nothing about whom: the runner of a physiotherapist's mail is not even read.
    columns = {"address": F("recipient__email"), "wanted": F("wanted_at")}
    page = _page_of(rows, asked.before[0], columns, "kind")
    return [(row["created_at"], 0, row["pk"], _row(row, SORT_OF[row["kind"]], now)) for row in page]


def _account_mails(
    asked: Asked, people: list[int], zone: zoneinfo.ZoneInfo, now: datetime.datetime
) -> list[tuple]:
    rows = AccountMail.objects.filter(
        _in_state(asked.state, late_account_mails(now)), _on(asked.date, zone, "created_at")
    )
    if asked.query:
        to = Q(recipient__in=people) | Q(email=asked.query.lower()) | Q(email=asked.query)
        rows = rows.filter(_has_id(asked.query) | to)
    columns = {"address": F("email"), "wanted": F("created_at")}
    page = _page_of(rows, asked.before[1], columns)
    known = asked.query.lower()
    for row in page:
        if row["recipient"] is None and row["address"].lower() != known:
            row["address"] = ""
    return [(row["created_at"], 1, row["pk"], _row(row, Sort.ACCOUNT, now)) for row in page]


def _page_of(rows: QuerySet, before: int | None, columns: dict, *more: str) -> list[dict]:
    """One more than fits, so that it is known whether there are older ones. Newest are those written last."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    columns |= {"role": F("recipient__role"), "bounced": F("recipient__bounced_at")}
    fields = ("pk", "recipient", "created_at", "status", "settled_at", "due_at", "attempts", "message_id")
    return list(rows.order_by("-pk").values(*fields, "outcome", *more, **columns)[: PER_PAGE + 1])


def _in_state(state: State | None, is_late: Q) -> Q:
    if state is None:
        return Q()
    if state == State.LATE:
        return is_late
    return Q(status="owed") if state == State.WAITING else Q(status__in=_STATUSES[state])


def _on(date: datetime.date | None, zone: zoneinfo.ZoneInfo, wanted: str = "wanted_at") -> Q:
    """Settled on that date of the viewer's, or still owed and wanted on it: two indexes know these."""
    if date is None:
        return Q()
    begins, ends = instant_of(date, MIDNIGHT, zone), instant_of(date + ONE_DAY, MIDNIGHT, zone)
    waits = Q(**{"status": "owed", f"{wanted}__gte": begins, f"{wanted}__lt": ends})
    return Q(settled_at__gte=begins, settled_at__lt=ends) | waits


def _has_id(query: str) -> Q:
    """A Message-ID as logs of mail servers write it, with or without its brackets; or an id of our log."""
    if correlation.is_id(query.lower()):
        return Q(correlation_id=query.lower())
    return Q(message_id=f"<{query.strip('<>')}>")


def _row(row: dict, sort: Sort, now: datetime.datetime) -> LogRow:
    state = _SETTLED_AS.get(row["status"]) or _waiting(row, sort, now)
    words, tone, icon = STATES[state]
    is_owed = row["settled_at"] is None
    return LogRow(
        address=row["address"],
        runner_id=row["recipient"] if row["role"] == Role.RUNNER else None,
        is_bouncing=row["bounced"] is not None,
        sort=str(SORTS[sort]),
        state=state,
        words=str(words),
        tone=tone,
        icon=icon,
        wanted_at=row["wanted"],
        settled_at=row["settled_at"],
        next_try=row["due_at"] if is_owed and row["due_at"] > now else None,
        tries=row["attempts"],
        message_id=row["message_id"],
        reason=reason_of(row["outcome"], is_skipped=state == State.SKIPPED) if row["outcome"] else "",
    )


def _waiting(row: dict, sort: Sort, now: datetime.datetime) -> State:
    return State.LATE if now - row["wanted"] >= patience_with(sort) else State.WAITING


def _date(text: str) -> datetime.date | None:
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    # Whose midnight in another zone is still a date.
    return date if datetime.date.min + ONE_DAY < date < datetime.date.max - ONE_DAY else None


def _cursor(text: str) -> tuple[int | None, int | None]:
    first, _dash, second = text.partition("-")
    return _number(first), _number(second)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
