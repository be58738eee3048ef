"""Fill an empty installation with invented runners, so that it can be looked at."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.services.demo.people import SIGN_INS
from programs.services.demo.seed import seed_demo
from programs.services.errors import Refused


class Command(BaseCommand):
    help = "Create 26 invented runners with diaries, two physiotherapists and a site manager. Once only."

    def add_arguments(self, parser):
        parser.add_argument(
            "--force", action="store_true", help="also with DEBUG off; the demo's password is published"
        )

    def handle(self, *args, force=False, **options):
        if not settings.DEBUG and not force:
            raise CommandError(
                "DEBUG is off, so this looks like an installation for real people. "
                "The demo's password is published. Use --force if you mean it."
            )
        self.stdout.write("Seeding the demo ...")
        self.stdout.flush()
        began = time.monotonic()
        try:
            count = seed_demo(now=timezone.now(), say=self._say)
        except Refused as error:
            raise CommandError(error.message) from None
        if not count:
            self.stdout.write("The demo is there already; nothing was changed.")
            return
        self.stdout.write(f"Demo: {count} runners in {time.monotonic() - began:.0f} s.")
        if options["verbosity"] > 1:
            for person in SIGN_INS:
                self.stdout.write(f"  {person.label}: {person.email} / {person.password}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
