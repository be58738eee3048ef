"""manage.py resume: end the site hold that a restore leaves."""

from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError

from programs.models import Enrolment
from programs.services.holds import held_because, is_being_restored, resume


class Command(BaseCommand):
    help = "After manage.py restore: say what waits, and with --yes let days be closed again."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it; without, only say what would happen")

    def handle(self, *, yes: bool, **options) -> None:
        why = held_because()
        if not why:
            self.stdout.write("Nothing is held.")
            return
        if is_being_restored():
            raise CommandError("The restore did not come to its end. Repeat it with --replace.")
        due = Enrolment.objects.due_for_close(datetime.now(UTC)).count()
        self.stdout.write(
            f"{why}\n{due} programmes have days to be closed, from the diaries as they are now."
        )
        if not yes:
            self.stdout.write("What was lost and is entered before that still counts. To go on: --yes")
            return
        resume()
        self.stdout.write("Days are closed again, from the next tick on.")
