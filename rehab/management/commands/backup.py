"""manage.py backup: everything in one file, while the site runs."""

from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from rehab.backups.making import back_up
from rehab.backups.manifest import BackupError
from rehab.backups.watched import Watched


class Command(BaseCommand):
    help = (
        "Write everything that the database holds into one new file (mode 0600), while the site runs. It "
        "holds what people have said of themselves: encrypt it before it leaves the machine. The keys, "
        "SECRET_KEY and REHAB_FIELD_KEY, are not in it."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a name that nothing has yet")

    def handle(self, *, file: Path, **options) -> None:
        try:
            made = back_up(file, now=datetime.now(UTC), progress=Watched("copied", self.stderr))
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            raise CommandError(f"Nothing was backed up, the database does not answer: {error}") from None
        decisions, people = made.counts["programs_decision"], made.counts["accounts_user"]
        size = file.stat().st_size / 1024**2
        self.stdout.write(
            f"{file}: {size:.1f} MB, {people} accounts, {decisions} decisions. Look at it with:"
        )
        self.stdout.write(f"  manage.py restore {file} --check")
