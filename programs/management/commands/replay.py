"""``manage.py replay DIARY``: what would have happened, outside the database."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from programs.replay.faults import Refused
from programs.replay.options import DEFAULT_PROGRAMME, Asked
from programs.replay.report import as_csv, as_json
from programs.replay.run import Replay, replay
from programs.replay.sheet import LONGEST_DIARY
from programs.replay.table import as_table
from programs.snapshots import contacts

BAD_INPUT = 2
#: What a shell reports of a program whose reader went away.
READER_LEFT = 141


class Command(BaseCommand):
    help = "Decide a whole diary day by day, outside the database, and print what would have happened."
    # Nothing here needs the database or a sound installation.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("diary", metavar="DIARY", help="CSV file; - reads standard input")
        add("--programme", metavar="KEY-or-FILE", default=DEFAULT_PROGRAMME, help="default: %(default)s")
        add("--start-stage", metavar="KEY", help="default: the first stage")
        add("--programme-day", metavar="N", default="1", help="day of the programme on the first day decided")
        add("--intake-pain", metavar="N", help="0-10; default: the first score at rest in the diary")
        add("--baseline-morning", metavar="N", help="0-10; default: the first score on waking in the diary")
        add(
            "--step-back",
            metavar="DATE",
            action="append",
            default=[],
            help="an earlier step-back; repeatable",
        )
        add(
            "--from", metavar="DATE", dest="first", help="first day decided; default: first date of the diary"
        )
        add("--to", metavar="DATE", dest="last", help="last day decided; default: last date of the diary")
        add("--symptom", metavar="NAME", help="which symptom of a diary that another tracker exported")
        add("--rest-as-morning", action="store_true", help="use its scores as scores on waking too")
        add("--format", choices=("table", "json", "csv"), default="table", help="default: %(default)s")

    def handle(self, *, diary: str, **options) -> None:
        raw, source = _read(diary)
        try:
            replayed = replay(raw, _asked(options), contacts())
        except Refused as refused:
            count = len(refused.faults)
            faults = "1 fault" if count == 1 else f"{count} faults"
            raise CommandError(
                f"{source}: {faults}, nothing was decided.\n{refused}", returncode=BAD_INPUT
            ) from None
        self._print(replayed, source, options["format"])

    def _print(self, replayed: Replay, source: str, form: str) -> None:
        if form == "table":
            self._write(as_table(replayed, source))
            return
        self._write(as_json(replayed) if form == "json" else as_csv(replayed))
        for note in replayed.diary.notes:
            self.stderr.write(note, self.style.NOTICE)

    def _write(self, text: str) -> None:
        """Write everything at once; a reader that leaves early, such as head, is no error."""
        if self.stdout._out is sys.stdout and hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8")
        try:
            self.stdout.write(text, ending="")
            self.stdout.flush()
        except OSError as error:
            # Python would write the rest once more at its end, and complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if isinstance(error, BrokenPipeError):
                raise SystemExit(READER_LEFT) from None
            raise CommandError(f"the report cannot be written: {error.strerror}.") from None


def _read(diary: str) -> tuple[bytes, str]:
    """Return the bytes, no more than a diary can have, and the name for reports."""
    try:
        if diary == "-":
            return sys.stdin.buffer.read(LONGEST_DIARY + 1), "standard input"
        path = Path(diary)
        with path.open("rb") as file:
            return file.read(LONGEST_DIARY + 1), path.name
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CommandError(f"{diary!r} cannot be read: {why}.", returncode=BAD_INPUT) from None


def _asked(options: dict) -> Asked:
    return Asked(
        programme=options["programme"],
        start_stage=options["start_stage"],
        programme_day=options["programme_day"],
        intake_pain=options["intake_pain"],
        baseline_morning=options["baseline_morning"],
        step_backs=tuple(options["step_back"]),
        first=options["first"],
        last=options["last"],
        symptom=options["symptom"],
        rest_as_morning=options["rest_as_morning"],
    )
