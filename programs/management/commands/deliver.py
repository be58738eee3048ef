"""Send what is owed by hand: the same service as the worker."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from programs.services.delivery import deliver_due
from programs.services.reminders import owe_reminders


class Command(BaseCommand):
    help = "Owe due reminders and send every message that is due."

    def handle(self, *args, **options):
        now = timezone.now()
        owed = owe_reminders(now=now)
        report = deliver_due(now=now, most=10_000)
        self.stdout.write(
            f"{owed} reminders owed; {report.sent} sent, {report.skipped} skipped, "
            f"{report.failed} to be tried again, {report.dead} given up"
        )
