"""manage.py alarm: one look at what stands still, for cron where no process of the site may live."""

import sys
from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from programs.selectors.standing_still import standing_still
from rehab import alarm


class Command(BaseCommand):
    help = (
        "Look whether days, mails and notices of red flags move, tell site managers where they do not. "
        "Exits with 1 then."
    )

    def handle(self, **options) -> None:
        now = datetime.now(UTC)
        try:
            told = alarm.look(now=now)
            standing = standing_still(now=alarm.settled(now), patience=alarm.patience())
        except DatabaseError as error:
            # Site managers stand in it too: only whoever reads cron's mail can be told.
            why = f"Nobody could be told, the database does not answer as it should: {error}"
            raise CommandError(f"{why.strip()}. manage.py doctor says what it lacks.") from None
        for name, since in standing.items():
            self.stdout.write(f"{name} stand still since {since:%Y-%m-%d %H:%M} UTC")
        nothing = "nothing new to tell" if standing else "nothing to tell"
        self.stdout.write(f"alarms told: {told}" if told else nothing)
        if standing:
            sys.exit(1)
