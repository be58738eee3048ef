"""manage.py process NAME: one of the programs that `up` supervises, for whoever supervises them otherwise."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from rehab import processes


class Command(BaseCommand):
    help = (
        "Become one of the programs of the site, with its settings: for systemd, containers, process files. "
        "Whatever starts it must start it again when it ends."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", choices=list(processes.by_name()), metavar="NAME", help="%(choices)s")

    def handle(self, *, name: str, **options) -> None:
        if not settings.REDIS_URL:
            raise CommandError("Processes of their own need a broker: set REDIS_URL, or run manage.py up.")
        program = processes.by_name()[name]
        os.chdir(settings.BASE_DIR)
        connections.close_all()
        # Found by sys.executable; nothing of anybody's stands in it.
        os.execve(program.argv[0], program.argv, os.environ | program.environment)  # noqa: S606
