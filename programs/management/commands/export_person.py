"""Write everything about one person into a file, for whoever asks the operator and not the site."""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.access import person_for_operator
from programs.archive.packing import packed
from programs.selectors.my_data import document_of
from programs.services.export import at_rest, record_export


class Command(BaseCommand):
    help = (
        "Write the archive of one person (docs/archive-format.md). It says a lot about her health: the file "
        "is readable by you alone, and the person sees in her account that it was made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", metavar="ADDRESS-or-REFERENCE", help="as in erase_person")
        parser.add_argument("file", type=Path, metavar="FILE", help="a new file, such as person.zip")

    def handle(self, *args, person: str, file: Path, **options) -> None:
        user = person_for_operator(person)
        if user is None:
            raise CommandError(f"Nobody here has the address or the reference {person}.", returncode=2)
        with at_rest(user):
            content = packed(document_of(user))
        try:
            opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.", returncode=2) from None
        with os.fdopen(opened, "wb") as out:
            out.write(content)
        record_export(user=user, now=timezone.now(), by=None)
        self.stdout.write(f"{file}: {len(content)} bytes.")
