"""Take over one person from her archive, as another installation wrote it."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Role
from programs.archive.faults import ArchiveRefused
from programs.archive.unpacking import LARGEST_ARCHIVE, unpacked
from programs.services.imports import import_person

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Take over one person from her archive, whole or not at all (exit status 2). She signs in after "
        "setting a new password; everybody else in it becomes a name without an account. Best before "
        "load_library."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="as export_person or the site wrote it")
        parser.add_argument(
            "--role",
            choices=Role.values,
            default=Role.RUNNER,
            help="what the account is for (default: %(default)s); a file alone makes nobody more than that",
        )
        parser.add_argument("--check", action="store_true", help="only say what is wrong with the file")

    def handle(self, *args, file: Path, role: str, check: bool, **options) -> None:
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST_ARCHIVE + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=BAD_INPUT) from None
        try:
            if check:
                unpacked(content)
                self.stdout.write("The file is sound. Nothing was stored.")
                return
            imported = import_person(content=content, role=role)
        except ArchiveRefused as refused:
            self.stderr.write("\n".join(refused.faults))
            raise CommandError(f"{file}: nothing was stored.", returncode=BAD_INPUT) from None
        rows = ", ".join(f"{name} {count}" for name, count in imported.rows.items() if count)
        self.stdout.write(f"{imported.person} ({imported.person.get_role_display()}) is here now: {rows}.")
