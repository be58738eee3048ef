"""manage.py prepare: what comes before a start, once for each version."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from programs.services.demo.seed import is_for_others

#: A setting that was lost, such as DEBUG=0, must not bring published passwords to real people.
NOT_BESIDE_PEOPLE = (
    "This database has accounts of people and no demonstration, and nobody is invented beside them. "
    "For people's data set DEBUG=0, or REHAB_DEMO=0. To look at the demonstration let REHAB_VAR_DIR name an "
    "empty folder, or DATABASE_URL an empty database."
)


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
            if is_for_others():
                raise CommandError(NOT_BESIDE_PEOPLE)
            # Asked for by name where DEBUG is off; the system checks warn of it.
            call_command("seed_demo", force=True)
