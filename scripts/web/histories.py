"""Runners with a past of so many days, in seconds.

One runner lives through the services, as those of the demonstration do; others
get the last days of her past, copied by the database, so that pages of a long
and of a short history show the same weeks. Needs a database with its library.
"""

import datetime
import itertools

from django.db import connection
from django.db.models import Model

from accounts.models import User
from accounts.services import create_account
from programs.models import Decision, DiaryEntry, Enrolment, PlannedSession, ProgrammeVersion
from programs.services.demo.cast import DemoRunner
from programs.services.demo.script import CYCLES
from programs.services.demo.timeline import Event, Life, close_days, events_of, happen, life_of
from tests.support.people import signed_in

#: Five weeks of training: steps forward, one run that hurt, a step back, calm days.
WEEKS = (*itertools.islice(itertools.cycle(CYCLES["run"]), 24), "2/2+6,5", *CYCLES["sore"][:3])
WEEKS += tuple(CYCLES["calm"])
PROGRAMME = "lbp-acute-default"
COPIED: tuple[type[Model], ...] = (DiaryEntry, Decision, PlannedSession)
ONE_DAY = datetime.timedelta(days=1)


def diary_of(days: int) -> str:
    """So many closed days, and an open one without an entry."""
    return " ".join([*itertools.islice(itertools.cycle(WEEKS), days), "|"])


def lived(name: str, days: int, *, now: datetime.datetime) -> Enrolment:
    """Somebody whose diary has so many days, each reported and closed by the services."""
    version = ProgrammeVersion.objects.filter(template__key=PROGRAMME).latest("number")
    cast = DemoRunner(f"{name} Runner", diary_of(days), zone="UTC", clinician=None)
    life = life_of(cast, _account(name), None, now)
    for event in events_of([life]):
        _happen(event, life, version)
    life.enrolment.refresh_from_db()
    return life.enrolment


def _happen(event: Event, life: Life, version: ProgrammeVersion) -> None:
    if event.what is None:
        close_days([life], event.at)
    else:
        happen(event, life, version)


def copied(
    source: Enrolment, names: list[str], days: int, *, shifts: list[int] | None = None
) -> list[Enrolment]:
    """For each name a runner with ``days`` days of that past, ``shifts`` days earlier in it."""
    made = []
    for name, shift in zip(names, shifts or [0] * len(names), strict=True):
        copy = Enrolment.objects.get(pk=source.pk)
        copy.pk, copy.public_id, copy.runner = None, Enrolment().public_id, _account(name)
        copy.started_on = source.decided_through - ONE_DAY * (days - 1)
        if shift:
            then = source.decisions.get(date=source.decided_through - ONE_DAY * shift, trigger="day_close")
            copy.stage, copy.stage_entered_on = then.stage_after, source.decided_through - ONE_DAY * 9
        copy.save()
        for model in COPIED:
            _copy_rows(model, source, copy, shift)
        made.append(copy)
    return made


def _copy_rows(model: type[Model], source: Enrolment, copy: Enrolment, shift: int) -> None:
    """Those since the copy began, each ``shift`` days later than it was."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field.column) for field in fields)
    given = {"copy": copy.pk, "by": copy.runner_id, "shift": shift, "source": source.pk}
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {values} '  # noqa: S608 - our own names
            f'FROM "{model._meta.db_table}" WHERE enrolment_id = %(source)s '
            "AND date + %(shift)s::int BETWEEN %(first)s AND %(last)s",
            given | {"first": copy.started_on, "last": source.open_date},
        )


def _value(column: str) -> str:
    known = {"enrolment_id": "%(copy)s", "recorded_by_id": "%(by)s"}
    known |= {name: f"{name} + %(shift)s::int" for name in ("date", "takes_effect_on")}
    return known.get(column, f'"{column}"')


def _account(name: str) -> User:
    return create_account(email=f"{name}@example.org", name=f"Runner {name}", password=None, verified=True)


def cookies_of(user: User) -> str:
    """What the browser of somebody who is signed in sends, with the token of its forms."""
    client = signed_in(user)
    forwarded = {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https"}
    client.get("/check-in/" if user.is_runner else "/account/", secure=True, headers=forwarded)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
