"""Bringing a backup back: everything is looked at first, and nothing happens by itself afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection

from accounts.models import User
from programs.services.erasure import erase
from programs.services.erasure.log import Logged
from programs.services.errors import Refused
from programs.services.holds import BEING_RESTORED, HELD, HOW_TO_END, hold
from programs.services.restored import settle_what_was_owed
from programs.services.verification import LedgerReport, verify_ledger
from rehab.backups import postgresql, sqlite, tables
from rehab.backups.container import Progress, check_rows, manifest_of, nobody
from rehab.backups.manifest import BackupError, Manifest, refuse_another_kind
from rehab.server import claim_alone

Say = Callable[[str], None]
#: Differences of the ledger that are shown.
SHOWN = 5


@dataclass
class Restored:
    """What was done, for the operator; ``former`` is the name of the database that was replaced."""

    former: Path | None = None
    checked: int = 0
    other_engine: int = 0
    erased: list[str] = field(default_factory=list)
    not_erased: list[str] = field(default_factory=list)
    settled: dict[str, int] = field(default_factory=dict)


def checked(file: Path, progress: Progress = nobody) -> Manifest:
    """What a file says of itself, when all of it was read. Raises BackupError where it is of no use here."""
    manifest = manifest_of(file)
    refuse_another_kind(manifest, vendor=connection.vendor, known=tables.known_migrations())
    check_rows(file, manifest, progress)
    return manifest


def restore(
    file: Path,
    manifest: Manifest,
    *,
    erasures: list[Logged],
    replace: bool,
    now: datetime,
    say: Say,
    progress: Progress = nobody,
) -> Restored:
    """Bring back what ``checked`` has looked at. Raises BackupError.

    With SQLite nothing is replaced before all is done; with PostgreSQL the rows
    come back in one transaction, and a hold with them.
    """
    lock = claim_alone(settings.VAR_DIR / "embedded.lock")
    if lock is None:
        raise BackupError(sqlite.STOP_IT)
    is_empty = _is_empty()
    if not replace and not is_empty:
        raise BackupError("People have accounts in this database. To replace all of it: --replace")
    database = {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]
    database.refuse_if_in_use()
    done = Restored()

    def prepare() -> None:
        _prepare(done, manifest, erasures, now, say)

    former = database.bring_back(file, manifest, now=now, prepare=prepare, progress=progress)
    if former and is_empty:
        # Nobody was in it.
        former.unlink(missing_ok=True)
    else:
        done.former = former
    return done


def _is_empty() -> bool:
    """Nobody has an account; a file that is damaged may have held everybody, and is why somebody restores."""
    try:
        return tables.is_empty()
    except OperationalError:
        raise
    except DatabaseError:
        return False


def _prepare(done: Restored, manifest: Manifest, erasures: list[Logged], now: datetime, say: Say) -> None:
    """Make the rows fit this software and this moment; the hold stays until an operator ends it."""
    say("Migrating ...")
    call_command("migrate", verbosity=0)
    hold(note=BEING_RESTORED, now=now)
    say("Recomputing the ledger ...")
    _verify(done)
    for name in _erase_again(done, erasures, now):
        say(f"Erased again: {name}")
    done.settled = settle_what_was_owed(backup_of=manifest.made_at, now=now)
    hold(note=f"{HELD} on {now:%Y-%m-%d %H:%M} UTC; {HOW_TO_END}", now=now)


def _verify(done: Restored) -> None:
    report = LedgerReport()
    differences = [str(difference) for difference in verify_ledger(report)]
    done.checked, done.other_engine = report.checked, report.other_engine
    if differences:
        shown = "; ".join(differences[:SHOWN])
        raise BackupError(f"The ledger differs from what its inputs give, {len(differences)} times: {shown}")


def _erase_again(done: Restored, erasures: list[Logged], now: datetime) -> Iterator[str]:
    """Whoever was erased since the backup. She is told nothing, and nobody is told twice."""
    at = {one.reference: one for one in erasures}
    back = User.objects.filter(public_id__in=at, erased_at__isnull=True)
    for user in back.order_by("pk"):
        reference = user.public_id
        if not at[reference].is_done:
            done.not_erased.append(f"{reference}: begun on {at[reference].at:%Y-%m-%d}, perhaps never done")
            continue
        try:
            erase(user=user, now=now)
        except Refused as refused:
            done.not_erased.append(f"{reference}: {refused.message}")
            continue
        done.erased.append(str(reference))
        yield str(reference)
