"""manage.py reseal: after a new REHAB_FIELD_KEY was put before the former one."""

from django.core.management.base import BaseCommand, CommandError

from accounts.sealing import Unreadable
from accounts.services.second_factor import reseal_all


class Command(BaseCommand):
    help = "Seal the secrets of all second factors with the newest key, so that the former can go."

    def handle(self, **options) -> None:
        try:
            count = reseal_all()
        except Unreadable as error:
            raise CommandError(f"Nothing was changed. {error}") from None
        self.stdout.write(f"{count} sealed with the newest key.")
