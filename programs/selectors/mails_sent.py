"""What was sent to somebody, and when: messages of her programme and mails of her account as one list."""

import datetime
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import CharField, DateField, F, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountMail, MailStatus, User
from programs.models import MessageOwed
from programs.said import REASONS, said
from programs.selectors.mail_words import title_of

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Status:
    words: Promise
    tone: str
    icon: str


#: Status of either table -> how it is shown.
STATUSES = {
    "owed": Status(_("Waiting"), "info", "clock"),
    "sent": Status(_("Sent"), "advance", "check"),
    "uncertain": Status(_("Perhaps sent"), "hold", "question"),
    "skipped": Status(_("Not sent"), "neutral", "no-data"),
    "expired": Status(_("Not sent"), "neutral", "no-data"),
    "dead": Status(_("Given up"), "pause", "cross"),
}
UNSENT = ("skipped", "expired", "dead")
#: Where the row holds what a server answered: words for a person.
REFUSED = _("The mail server did not take it.")
UNCERTAIN = _("The connection broke just after it had gone out. You may have got it.")


@dataclass(frozen=True, slots=True)
class Mail:
    """``at``: when it was settled, or is tried next; None where that is now. ``date``: what it is about."""

    title: str
    status: Status
    is_waiting: bool
    at: datetime.datetime | None
    date: datetime.date | None
    why: str


@dataclass(frozen=True, slots=True)
class MailsSentPage:
    mails: tuple[Mail, ...]
    number: int
    pages: int

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def mails_sent_page(*, person: User, now: datetime.datetime, number: int | str = 1) -> MailsSentPage:
    """One page, what was wanted last first (two queries)."""
    paginator = Paginator(_rows(person), PER_PAGE)
    page = paginator.get_page(number)
    mails = tuple(_mail(row, now) for row in page.object_list)
    return MailsSentPage(mails=mails, number=page.number, pages=paginator.num_pages)


def _rows(person: User) -> QuerySet:
    """Two tables as one; their columns in the same order."""
    columns = ("pk", "kind", "status", "outcome", "due_at", "settled_at")
    messages = MessageOwed.objects.filter(recipient=person).annotate(
        source=Value("message", CharField()), wanted=F("wanted_at"), about=F("local_date")
    )
    account = AccountMail.objects.filter(recipient=person).annotate(
        source=Value("account", CharField()),
        wanted=F("created_at"),
        about=Value(None, DateField()),
    )
    named = (*columns, "source", "wanted", "about")
    rows = messages.order_by().values(*named).union(account.order_by().values(*named), all=True)
    return rows.order_by("-wanted", "-source", "-pk")


def _mail(row: dict, now: datetime.datetime) -> Mail:
    is_waiting = row["status"] == MailStatus.OWED
    return Mail(
        title=title_of(row["kind"]),
        status=STATUSES[row["status"]],
        is_waiting=is_waiting,
        at=_later(row["due_at"], now) if is_waiting else row["settled_at"],
        date=row["about"],
        why=_why(row["status"], row["outcome"]),
    )


def _later(instant: datetime.datetime, now: datetime.datetime) -> datetime.datetime | None:
    return instant if instant > now else None


def _why(status: str, outcome: str) -> str:
    """A reason in words of ours; what a server answered, after the colon, is for whoever runs the site."""
    reason = outcome if outcome in REASONS else outcome.partition(": ")[0]
    if status == MailStatus.UNCERTAIN:
        return str(UNCERTAIN)
    if status == MailStatus.DEAD and reason not in REASONS:
        return str(REFUSED)
    return said(reason) if status in UNSENT else ""
