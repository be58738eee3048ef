"""Store the shipped library, or a clinic's own files; refuse whole what is faulty."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.library.loader import PROGRAMME
from programs.services.library import LibraryRefused, LoadReport, check_library, load_library

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Store programmes, exercises, questions and cards. What is stored already is left alone; "
        "a changed document becomes a new version. Any fault refuses all of it (exit status 2)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="file or folder of your own")
        parser.add_argument("--check", action="store_true", help="only say what is wrong; store nothing")

    def handle(self, *args, paths: list[Path], check: bool, **options) -> None:
        try:
            if check:
                found = check_library(paths=tuple(paths))
                self.stdout.write(f"Sound: {_counted(len(found.documents), 'document')}. Nothing was stored.")
            else:
                self._report(load_library(now=timezone.now(), paths=tuple(paths)), options["verbosity"])
        except LibraryRefused as refusal:
            self.stderr.write("\n".join(refusal.faults))
            faults = _counted(len(refusal.faults), "fault")
            raise CommandError(f"Nothing was stored: {faults}.", returncode=BAD_INPUT) from refusal

    def _report(self, report: LoadReport, verbosity: int) -> None:
        """Name what matters to runners; the first edition of all else is a number."""
        for stored in report.new:
            if stored.kind == PROGRAMME or stored.number > 1 or verbosity > 1:
                self.stdout.write(f"new: {stored.kind} {stored.key}, version {stored.number}")
        self.stdout.write(f"Library: {len(report.new)} new, {report.unchanged} unchanged.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
