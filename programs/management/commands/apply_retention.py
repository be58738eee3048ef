"""Delete by hand what has been kept long enough; the same service as the daily job."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from programs.services.health import beat
from programs.services.retention import JOB, apply_retention, old_files, steps


class Command(BaseCommand):
    help = (
        "Delete what has been kept long enough (docs/privacy.md). Safe at any time and any number of times."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go and delete nothing")

    def handle(self, *args, dry_run: bool, **options) -> None:
        now = timezone.now()
        if dry_run:
            counts = {step.words: step.rows.count() for step in steps(now)} | {
                "files of mails": len(old_files(now))
            }
        else:
            counts = apply_retention(now=now)
            beat(name=JOB, now=now)
        for words, count in counts.items():
            if count:
                self.stdout.write(f"{words}: {count}")
        end = "would go (dry run, nothing deleted)" if dry_run else "deleted"
        self.stdout.write(f"{sum(counts.values())} {end}.")
