"""Who saw my data: the audit of one runner, as she reads it."""

import datetime
import ipaddress
import itertools
import uuid
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessRecord, Act, User
from accounts.presentation import SEEN, said_detail

PER_PAGE = 50
#: In the filter and in the address: acts without a person.
NOBODY = "site"
SITE = _("This site, without a person")
YOU = _("You")


@dataclass(frozen=True)
class Person:
    """Somebody in the filter; ``key`` goes into the address."""

    key: str
    name: str


@dataclass(frozen=True)
class Look:
    """What one person did, in one way, from one place: once or several times in a row."""

    who: str
    what: str
    detail: str
    icon: str
    origin: str
    times: tuple[datetime.datetime, ...]


@dataclass(frozen=True)
class Day:
    """Looks of one date of the runner's own zone, newest first."""

    date: datetime.date
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class RecordsPage:
    days: tuple[Day, ...]
    people: tuple[Person, ...]
    chosen: str
    total: int
    number: int
    pages: int

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def records_page(*, runner: User, who: str = "", number: int | str = 1) -> RecordsPage:
    """One page of the runner's audit, newest first (three queries).

    ``who`` is the public id of a person, ``site`` for acts without one, or
    empty for all; anything else is nobody, and finds nothing.
    """
    rows = AccessRecord.objects.filter(runner=runner)
    chosen = _chosen(rows, who).select_related("actor").order_by("-at", "-pk")
    paginator = Paginator(chosen, PER_PAGE)
    page = paginator.get_page(number)
    return RecordsPage(
        days=_days(page.object_list, runner),
        people=_people(rows, runner),
        chosen=who,
        total=paginator.count,
        number=page.number,
        pages=paginator.num_pages,
    )


def shortened(origin: str) -> str:
    """The network address without what would point to one connection of a household.

    The last of the four numbers, or the last 80 of the 128 bits. One that is
    shortened already, as in a record of another site, stays as it is.
    """
    if not origin or origin.endswith((".x", ":x")):
        return origin
    try:
        address = ipaddress.ip_address(origin)
    except ValueError:
        return _("an address that cannot be read")
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 4:
        return f"{str(address).rpartition('.')[0]}.x"
    groups = [int(address) >> shift & 0xFFFF for shift in (112, 96, 80)]
    return f"{':'.join(f'{group:x}' for group in groups)}:x"


def _chosen(rows, who: str):
    if not who:
        return rows
    if who == NOBODY:
        return rows.filter(actor__isnull=True)
    try:
        return rows.filter(actor__public_id=uuid.UUID(who))
    except ValueError:
        return rows.none()


def _people(rows, runner: User) -> tuple[Person, ...]:
    """Everybody who appears in the audit, by name; herself where she took a copy."""
    actors = rows.order_by().values_list("actor__public_id", "actor__name", "actor__email").distinct()
    named = [
        Person(str(key), YOU if key == runner.public_id else name or email)
        for key, name, email in actors
        if key
    ]
    people = sorted(named, key=lambda person: (person.name.casefold(), person.key))
    if len(named) < len(actors):
        people.append(Person(NOBODY, _("Your changes of access, and this site by itself")))
    return tuple(people)


def _days(rows, runner: User) -> tuple[Day, ...]:
    by_date = itertools.groupby(rows, key=lambda row: timezone.localdate(row.at, runner.zone))
    return tuple(Day(date, _looks(list(of_date))) for date, of_date in by_date)


def _looks(rows: list[AccessRecord]) -> tuple[Look, ...]:
    """The same again, with nothing else between, is one line with its times."""
    alike = itertools.groupby(
        rows, key=lambda row: (row.actor_id, row.act, row.detail, shortened(row.origin))
    )
    return tuple(_look(key, list(group)) for key, group in alike)


def _look(key: tuple, rows: list[AccessRecord]) -> Look:
    _actor, act, detail, origin = key
    what, icon = SEEN[Act(act)]
    return Look(
        who=_who(rows[0]),
        what=what,
        detail=said_detail(detail),
        icon=icon,
        origin=origin,
        times=tuple(row.at for row in reversed(rows)),
    )


def _who(row: AccessRecord) -> str:
    """A change of access without a person was her own; what else has none, a job or the operator did."""
    if row.actor and row.actor_id != row.runner_id:
        return str(row.actor)
    return YOU if row.actor or row.act == Act.CONSENT else SITE
