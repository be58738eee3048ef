"""Filling a database with invented runners fast: a million with 28 days each in minutes.

The rows of a thousand lives are written once, and copied for everybody by
the database itself, day after day as real diaries grow. Foreign keys are not
checked meanwhile, and indexes of days made afterwards; the rows are right by
construction. Both databases. What it is about is said on the error stream.
"""

import contextlib
import datetime
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from django.db import connection

from programs.engine.calendar import closing_instant
from programs.models import ProgrammeVersion
from support.lives import ZONES, Life, lives

CLOSE_HOUR = 3
TODAY = datetime.date(2026, 3, 16)
EARLY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
#: When the day has closed in every zone of the world.
ALL_DUE = datetime.datetime(2026, 3, 17, 13, tzinfo=datetime.UTC)
LIVES = 1000
#: From so many on it says how far it is.
MANY = 50_000
CLINICIANS = 40
#: One of so many runners lets a physiotherapist in.
LETS_IN = 3

_USER = (
    *("id", "password", "is_superuser", "public_id", "email", "name", "role", "time_zone", "language"),
    *("country", "quiet_from", "quiet_until", "keeps_home_time", "bounce", "is_staff", "is_active"),
    "date_joined",
)
_ENROLMENT = (
    *("id", "public_id", "runner_id", "version_id", "family", "status", "pattern", "started_on"),
    *("created_at", "stage", "stage_entered_on", "baseline_morning", "intake_pain", "refer", "paused_at"),
    *("cooldown_until", "step_backs", "decided_through", "closes_at", "failures", "last_error", "run_days"),
)
_DIARY = (
    *("date", "morning", "rest", "session", "during", "after", "warmup", "limp", "leg", "sites"),
    *("red_flags", "stage_shown", "recorded_at"),
)

_INDEXES = """
    SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_constraintdef(c.oid),
        pg_get_indexdef(i.indexrelid)
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
    WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
"""


def fill(runners: int, today: datetime.date = TODAY, seed: int = 1) -> None:
    """Runners 1 … n with an enrolment of the same id, each with ``today`` open and due."""
    version = ProgrammeVersion.objects.get(template__key="lbp-acute-default")
    drawn = lives(LIVES, [stage["key"] for stage in version.document["stages"]], today, seed)
    say = Progress(runners)
    with unchecked():
        _insert("accounts_user", _USER, _users(runners, drawn))
        say("users are there")
        _insert("programs_enrolment", _ENROLMENT, _enrolments(runners, drawn, version.pk, today))
        _let_in(runners)
        say("enrolments and clinics are there")
        with later_indexes("programs_diaryentry", "programs_plannedsession"):
            _copy_days(drawn, say)
        say("indexes of days are there")
        _write_notes()
        _settle_numbers()
    say("notes are there")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    say("filled")


class Progress:
    """How far it is, for whoever waits: nothing where it takes a moment."""

    def __init__(self, runners: int) -> None:
        self.runners, self.begun = runners, time.monotonic()

    def __call__(self, words: str) -> None:
        if self.runners >= MANY:
            since = time.monotonic() - self.begun
            print(f"  {self.runners:,} runners, {since:.0f} s: {words}", file=sys.stderr, flush=True)


class unchecked:  # noqa: N801 - used as a statement
    """Foreign keys are not looked up while the rows are written."""

    def _say(self, on: bool) -> None:
        words = {"postgresql": ("SET session_replication_role = replica", "RESET session_replication_role")}
        other = ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
        with connection.cursor() as cursor:
            cursor.execute(words.get(connection.vendor, other)[0 if on else 1])

    def __enter__(self):
        self._say(True)

    def __exit__(self, *_):
        self._say(False)


@contextlib.contextmanager
def later_indexes(*tables: str) -> Iterator[None]:
    """Indexes of these tables, keys of constraints among them, are made when their rows are there."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [list(tables)])
        found = cursor.fetchall()
        for table, index, constraint, _ in found:
            gone = f"ALTER TABLE {table} DROP CONSTRAINT {index}" if constraint else f"DROP INDEX {index}"
            cursor.execute(gone)
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for table, index, constraint, definition in found:
            again = f"ALTER TABLE {table} ADD CONSTRAINT {index} {constraint}" if constraint else definition
            cursor.execute(again)


def _name(number: int) -> uuid.UUID:
    return uuid.UUID(int=number + (1 << 100))


def _users(runners: int, drawn: Sequence[Life]) -> Iterator[tuple]:
    quiet = (datetime.time(21), datetime.time(8))
    for n in range(1, runners + CLINICIANS + 1):
        role, zone = ("runner", drawn[n % LIVES].zone) if n <= runners else ("clinician", "Europe/London")
        yield (
            *(n, "!", False, _name(n), f"r{n}@example.org", f"Runner {n}", role, zone, ""),
            *("", *quiet, False, "", False, True, EARLY),
        )


def _enrolments(runners: int, drawn: Sequence[Life], version: int, today: datetime.date) -> Iterator[tuple]:
    closes = {zone: closing_instant(today, ZoneInfo(zone), CLOSE_HOUR) for zone in ZONES}
    for n in range(1, runners + 1):
        one = drawn[n % LIVES]
        steps = "[" + ", ".join(f'"{day.isoformat()}"' for day in one.step_backs) + "]"
        paused = EARLY if one.refer != "none" else None
        yield (
            *(n, _name(n), n, version, "low-back-pain", "active", "neither", one.started, EARLY),
            *(one.stage, one.entered, one.baseline, 6, one.refer, paused, one.cooldown_until, steps),
            *(today - datetime.timedelta(days=1), closes[one.zone], 0, "", "[]"),
        )


def _insert(table: str, columns: Sequence[str], rows: Iterable[tuple]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        plain = ([_plain(value) for value in row] for row in rows)
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", plain)  # noqa: S608


def _plain(value):
    """As Django writes it to SQLite."""
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def _let_in(runners: int) -> None:
    """A third of the runners have let somebody in, who works in one of four clinics."""
    first = runners + 1
    clinic = ("id", "public_id", "name", "created_at", "created_by_id", "close_hour", "emergency_number")
    more = ("urgent_service", "tells_of_red_flags", "red_flags_at_night", "mails_name_runners")
    hours = ("silent_from_days", "time_zone", "opens_at", "shuts_at", "working_days")
    opening = (4, "Europe/London", datetime.time(9), datetime.time(17), "[1, 2, 3, 4, 5]")
    rows = [
        (n, _name(n), f"Clinic {n}", EARLY, first, None, "", "", "everybody", True, False, *opening)
        for n in range(1, 5)
    ]
    _insert("accounts_clinic", (*clinic, *more, *hours), rows)
    columns = ("public_id", "clinic_id", "clinician_id", "is_lead", "joined_at")
    members = ((_name(n), n % 4 + 1, first + n, False, EARLY) for n in range(CLINICIANS))
    _insert("accounts_membership", columns, members)
    columns = ("public_id", "runner_id", "clinician_id", "text_version", "via", "granted_at")
    consents = (
        (_name(n), n, first + n % CLINICIANS, 1, "grant", EARLY) for n in range(1, runners + 1, LETS_IN)
    )
    _insert("accounts_consent", columns, consents)


def _copy_days(drawn: Sequence[Life], say: Progress) -> None:
    _lives_as_tables(drawn)
    names, lived = ", ".join(f'"{name}"' for name in _DIARY), _prefixed(_DIARY)
    if connection.vendor == "postgresql":
        # What the trigger would have done for each note.
        names += ", noted"
        lived += ", CASE WHEN l.note IS NULL THEN '' ELSE 'rest back ' || l.note || ' 1' END"
    dates = sorted({day.date for one in drawn for day in one.days})
    with connection.cursor() as cursor:
        for number, date in enumerate(dates, start=1):
            cursor.execute(
                f"INSERT INTO programs_diaryentry (enrolment_id, recorded_by_id, {names}) "  # noqa: S608
                f"SELECT e.id, e.runner_id, {lived} FROM programs_enrolment e "
                f"JOIN lived l ON l.life = e.id %% {LIVES} WHERE l.date = %s",
                [date],
            )
            cursor.execute(
                "INSERT INTO programs_plannedsession (enrolment_id, date, stage) "  # noqa: S608
                "SELECT e.id, l.date, l.stage FROM programs_enrolment e "
                f"JOIN lives_planned l ON l.life = e.id %% {LIVES} WHERE l.date = %s",
                [date],
            )
            say(f"day {number} of {len(dates)} is there")


def _lives_as_tables(drawn: Sequence[Life]) -> None:
    with connection.cursor() as cursor:
        for table, source in (("lived", "programs_diaryentry"), ("lives_planned", "programs_plannedsession")):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {source} WHERE false")  # noqa: S608
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN life integer")
        cursor.execute("ALTER TABLE lived ADD COLUMN note integer")
    _insert("lived", ("life", "note", *_DIARY), _rows_of(drawn))
    planned = ((n, date, one.stage) for n, one in enumerate(drawn) for date in one.planned)
    _insert("lives_planned", ("life", "date", "stage"), planned)
    with connection.cursor() as cursor:
        for table in ("lived", "lives_planned"):
            cursor.execute(f"CREATE INDEX {table}_by_date ON {table} (date, life)")
            cursor.execute(f"ANALYZE {table}")


def _prefixed(columns: Sequence[str]) -> str:
    return ", ".join(f'l."{name}"' for name in columns)


def _rows_of(drawn: Sequence[Life]) -> Iterator[tuple]:
    for n, one in enumerate(drawn):
        for day in one.days:
            yield (
                *(n, day.note, day.date, day.morning, day.rest, day.session, day.during, day.after),
                *(day.warmup, day.limp, day.leg, "[]", "[]", day.stage, EARLY),
            )


def _write_notes() -> None:
    key = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programs_painnote "  # noqa: S608
            "(entry_id, key, noted_at, occasion, site, score, words, recorded_at, recorded_by_id) "
            f"SELECT d.id, {key}, d.recorded_at, 'rest', 'back', l.note, '', d.recorded_at, d.recorded_by_id "
            "FROM programs_diaryentry d "
            f"JOIN lived l ON l.life = d.enrolment_id % {LIVES} AND l.date = d.date WHERE l.note IS NOT NULL"
        )


def _settle_numbers() -> None:
    """New rows of the application get numbers after these."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in ("accounts_user", "programs_enrolment", "accounts_clinic"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            )
