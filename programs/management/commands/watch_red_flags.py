"""Watch over open red flags by hand: the same service as the worker."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.services.watch import watch_red_flags


class Command(BaseCommand):
    help = (
        "Give every urgent or emergency pause an owner, pass on those whose owner lost access, and owe the "
        "mails about unseen ones. Safe to run at any time and any number of times."
    )

    def handle(self, *args, **options):
        report = watch_red_flags(now=timezone.now())
        self.stdout.write(
            f"{report.opened} opened, {report.passed_on} passed on, {report.escalated} told to the leads"
        )
        if report.note:
            raise CommandError(report.note)
