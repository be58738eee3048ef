"""Close due days by hand: the same services as the worker."""

import contextlib
import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from programs.services.days import close_due
from programs.services.health import ClockSkew, check_clocks
from programs.services.holds import held_because


def instant(text: str) -> datetime.datetime:
    """An ISO instant with its zone. Raises ValueError with what to write."""
    when = datetime.datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError("an instant needs its zone, such as 2026-11-22T03:00:00+00:00")
    return when


class Command(BaseCommand):
    help = (
        "Close every local day that is due, once, in order. Safe to run at any time and any number of times."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--as-of", metavar="ISO-INSTANT", help="decide as if it were this instant (default: now)"
        )
        parser.add_argument("--enrolment", type=int, metavar="N", help="only this enrolment")
        parser.add_argument("--dry-run", action="store_true", help="show the decisions and write nothing")

    def handle(self, *args, as_of=None, enrolment=None, dry_run=False, **options):
        if (why := held_because()) and not dry_run:
            raise CommandError(why, returncode=2)
        now = self._instant(as_of, dry_run)
        # One transaction a batch, as the worker does; around all of it only to take it back.
        with transaction.atomic() if dry_run else contextlib.nullcontext():
            report = close_due(now=now, job="close_days command", first=enrolment, last=enrolment)
            if dry_run:
                transaction.set_rollback(True)
        for row in report.decisions:
            stage = row.stage_before if row.stage_change == 0 else f"{row.stage_before} -> {row.stage_after}"
            self.stdout.write(
                f"{row.enrolment_id}\t{row.date}\t{row.decision}\t{row.rule}\t{stage}\t{row.reason}"
            )
        for pk, error in report.set_aside.items():
            self.stderr.write(f"{pk}\tset aside: {error}")
        would = "would be closed (dry run, nothing written)" if dry_run else "closed"
        self.stderr.write(
            f"{len(report.decisions)} days {would}, {len(report.set_aside)} enrolments set aside"
        )
        if report.set_aside:
            raise CommandError("Some enrolments could not be decided; see above.", returncode=1)

    def _instant(self, as_of: str | None, dry_run: bool) -> datetime.datetime:
        now = timezone.now()
        try:
            check_clocks(now=now)
            chosen = instant(as_of) if as_of else now
        except (ClockSkew, ValueError) as error:
            raise CommandError(f"--as-of: {error}" if as_of else str(error), returncode=2) from None
        limit = now + datetime.timedelta(seconds=settings.REHAB_MAX_SKEW_SECONDS)
        if chosen > limit and not dry_run:
            # The ledger is append-only: days that have not come could never be lived.
            raise CommandError("--as-of lies in the future; only --dry-run may look there.", returncode=2)
        return chosen
