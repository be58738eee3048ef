"""manage.py prepare: what comes before a start, once for each version."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, load the library, collect static files, and seed the demonstration where that is on."

    def handle(self, **options) -> None:
        self.stdout.write("Preparing the database ...")
        self.stdout.flush()
        call_command("migrate", verbosity=0)
        call_command("load_library")
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO:
            # Asked for by name where DEBUG is off; the system checks warn of it.
            call_command("seed_demo", force=True)
