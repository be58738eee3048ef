"""What `manage.py doctor` looks at: one function per part, each with what to do."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.selectors.mails import mail_backlog
from programs.selectors.mail_metrics import bouncing_addresses, mails_waiting
from programs.services.holds import held_because
from rehab import diagnosis_of_broker, diagnosis_of_site, health, watchdog
from rehab.findings import Finding, Grade, good, warning, wrong

#: The release that repaired a rare corruption when several processes write in WAL mode.
SQLITE_REPAIRED = (3, 51, 3)
LITTLE_DISK = 1024**3
HARDLY_ANY_DISK = 200 * 1024**2
NO_ANSWER = "does not answer"


def examine(now: datetime) -> Iterator[Finding]:
    """Yield every finding; a part that fails in an unforeseen way is a finding too."""
    has_database = is_there = True
    for part, look in _PARTS.items():
        if not is_there and part not in _WITHOUT_DATABASE:
            # One that says nothing would be waited for at each of them.
            yield wrong(part, *_UNKNOWN)
            continue
        try:
            finding = look(now)
            has_database &= part != "database" or finding.grade != Grade.WRONG
            is_there &= part != "database" or not finding.text.startswith(NO_ANSWER)
            yield finding
        except DatabaseError as error:
            yield _unforeseen(part, error) if has_database else wrong(part, *_UNKNOWN)
        except Exception as error:  # the doctor must finish her round
            yield _unforeseen(part, error)


def _unforeseen(part: str, error: Exception) -> Finding:
    return wrong(part, f"{type(error).__name__}: {error}", "This was not foreseen; the message is the cause.")


def database(now: datetime) -> Finding:
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        return wrong("database", f"{NO_ANSWER}: {error}", "Check DATABASE_URL, and that PostgreSQL runs.")
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return wrong("database", f"{missing} migrations are not applied", "Run: manage.py prepare")
    return good("database", f"{connection.display_name} answers, all migrations applied")


def sqlite(now: datetime) -> Finding:
    if connection.vendor != "sqlite":
        return good("sqlite", "not in use")
    if not settings.REDIS_URL:
        return good("sqlite", f"version {sqlite3.sqlite_version}, one process")
    if sqlite3.sqlite_version_info < SQLITE_REPAIRED:
        text = f"version {sqlite3.sqlite_version} can, rarely, damage a file that several processes write"
        return warning(
            "sqlite", text, "Set DATABASE_URL to PostgreSQL, or unset REDIS_URL to run in one process."
        )
    return warning(
        "sqlite", "several processes write one file", "PostgreSQL (DATABASE_URL) suits that better."
    )


def jobs(now: datetime) -> Finding:
    """Tell a dead beat from a dead worker: only the first leaves the queue empty."""
    beat = health.pulse(now)
    if beat and beat.is_fresh:
        if beat.note:
            return wrong("worker and beat", f"no day is closed: {beat.note}", "See hold and clocks below.")
        return good("worker and beat", f"last sign of life {beat.age:.0f} s ago")
    seen = f"last sign of life: {beat.age:.0f} s ago" if beat else "no sign of life yet"
    if not settings.REDIS_URL:
        return wrong("worker and beat", seen, "Start the server: make run")
    waiting = watchdog.queue_length(watchdog.connect(settings.REDIS_URL))
    if waiting is None:
        return wrong("worker and beat", seen, "The broker is away; see above.")
    if waiting:
        advice = "The worker is down or hears nothing. Start it again and read its log."
        return wrong("worker", f"{seen}; {waiting} messages wait", advice)
    return wrong("beat", f"{seen}; nothing waits", "Beat sends nothing. Start it again, one only.")


def mail(now: datetime) -> Finding:
    """Also a provider's key is tried only by sending: its HTTP interface has no greeting."""
    if settings.REHAB_MAIL_PROVIDER:
        return good("mail", f"by the HTTP interface of {settings.REHAB_MAIL_PROVIDER}")
    if not settings.EMAIL_HOST:
        return warning(
            "mail", f"written to {settings.EMAIL_FILE_PATH}, sent to nobody", "Set EMAIL_HOST to send."
        )
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        server = get_connection()
        server.open()
        server.close()
    except OSError as error:
        advice = "Check EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS and the sign-in."
        return wrong("mail", f"{where} refuses: {error}", advice)
    return good("mail", f"{where} accepts our sign-in")


def wanted_mails(now: datetime) -> Finding:
    """The oldest wanted message that is not sent."""
    waiting = mails_waiting(now=now)
    oldest = min(filter(None, (waiting.safety, waiting.other)), default=None)
    if not waiting.late:
        return good("mails", "none waits long" if oldest else "none waits")
    text = f"{waiting.late} are late, the oldest was wanted {(now - oldest).total_seconds() / 60:.0f} min ago"
    if waiting.is_refused_by_one:
        return warning("mails", f"{text}; all for one recipient", "See Mails, state “late”, on the site.")
    if waiting.safety:
        text += "; safety notices among them"
    return wrong("mails", text, "See worker and beat, and mail. They go out by themselves after that.")


def bounces(now: datetime) -> Finding:
    """Addresses that refuse mails for good."""
    bouncing = bouncing_addresses()
    if not bouncing:
        return good("bounces", "no address refuses our mails")
    text = f"{bouncing} addresses refuse our mails for good"
    advice = "Their owners are told at the next sign-in. If they became many at once, look at SPF and DKIM."
    return warning("bounces", text, advice)


def account_mails(now: datetime) -> Finding:
    """Codes and links that wait: for our job, or for a server that takes them."""
    backlog = mail_backlog(now=now)
    if backlog.unsent > health.MAIL_PATIENCE_SECONDS:
        text = f"the oldest waits for {backlog.unsent / 60:.0f} minutes to be sent"
        return wrong("account mails", text, "Nobody can sign up. See worker and beat.")
    if backlog.refused > health.MAIL_PATIENCE_SECONDS:
        text = f"the oldest was tried in vain for {backlog.refused / 60:.0f} minutes"
        return warning("account mails", text, "The log says why. If there are many, look at the mail server.")
    return good("account mails", "none waits long")


def red_flags(now: datetime) -> Finding:
    """The watch over urgent and emergency pauses."""
    said = health.watch(now)
    if said == health.NOT_WATCHED:
        return wrong(
            "red flags", "nobody watches them", "See worker and beat; manage.py watch_red_flags by hand."
        )
    if said not in ("ok", "not yet"):
        return wrong(
            "red flags", said, "Tell a physiotherapist with access now, and name a lead for the clinic."
        )
    return good("red flags", "watched" if said == "ok" else "the watch has not run yet")


def hold(now: datetime) -> Finding:
    """What a restore leaves until a person has looked."""
    why = held_because()
    if not why:
        return good("hold", "days may be closed")
    advice = "First let the physiotherapists know what was lost."
    return wrong("hold", f"no day is closed: {why}", advice)


def disk(now: datetime) -> Finding:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.VAR_DIR).free
    text = f"{free / 1024**3:.1f} GB free where {settings.VAR_DIR} lies"
    if free < HARDLY_ANY_DISK:
        return wrong("disk", text, "Make room now: no pain score can be written to a full disk.")
    if free < LITTLE_DISK:
        return warning("disk", text, "Make room soon.")
    return good("disk", text)


def clocks(now: datetime) -> Finding:
    """Compare with the database and Redis: a wrong clock would close days of the future."""
    skews = {name: abs((clock - datetime.now(UTC)).total_seconds()) for name, clock in _other_clocks()}
    apart = {name: skew for name, skew in skews.items() if skew > settings.REHAB_MAX_SKEW_SECONDS}
    if apart:
        text = ", ".join(f"{name} differs by {skew:.0f} s" for name, skew in apart.items())
        return wrong(
            "clocks", text, "Set up time synchronisation on every machine; until then no day is closed."
        )
    if late := [name for name, skew in skews.items() if skew > health.CLOCK_SECONDS]:
        text = f"{' and '.join(late)} differs by more than {health.CLOCK_SECONDS} s"
        return warning("clocks", text, "Set up time synchronisation on every machine; /readyz fails already.")
    return good("clocks", f"agree with {', '.join(skews)}" if skews else "only this machine's")


def _other_clocks() -> Iterator[tuple[str, datetime]]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            yield "PostgreSQL", cursor.fetchone()[0]
    if settings.REDIS_URL:
        seconds, micros = watchdog.connect(settings.REDIS_URL).time()
        yield "Redis", datetime.fromtimestamp(seconds + micros / 1e6, UTC)


_UNKNOWN = "nobody can tell", "See database above."
#: What can be looked at all the same.
_WITHOUT_DATABASE = frozenset({"sqlite", "broker", "queue", "mail", "metrics", "disk"})
_PARTS: dict[str, Callable[[datetime], Finding]] = {
    "database": database,
    "sqlite": sqlite,
    "broker": diagnosis_of_broker.broker,
    "worker and beat": jobs,
    "queue": diagnosis_of_broker.queue,
    "days": diagnosis_of_site.days,
    "set aside": diagnosis_of_site.set_aside,
    "jobs": diagnosis_of_site.failing_jobs,
    "pages": diagnosis_of_site.pages,
    "alarms": diagnosis_of_site.alarms,
    "mail": mail,
    "mails": wanted_mails,
    "bounces": bounces,
    "account mails": account_mails,
    "red flags": red_flags,
    "hold": hold,
    "metrics": diagnosis_of_site.metrics,
    "disk": disk,
    "clocks": clocks,
}
