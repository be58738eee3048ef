"""Send what is owed by hand: the same services as the worker."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.services.delivery import deliver_account_mails
from accounts.services.outbox import DeliveryReport
from programs.mail_contents import contents_of
from programs.services.by_the_clock import owe_what_can_be_owed
from programs.services.delivery import deliver_due
from programs.services.holds import held_because, is_being_restored

#: By hand until nothing is due; what a batch has left over goes back before its lease ends (``outbox``).
LONGEST_SECONDS = 3600


class Command(BaseCommand):
    help = "Owe what the clock has struck, and send every message and account mail that is due."

    def handle(self, *args, **options):
        now = timezone.now()
        if is_being_restored():
            raise CommandError("A restore did not come to its end. Repeat it with --replace.")
        self._say("account mails", deliver_account_mails(now=now))
        owed, wrong = 0, held_because()
        if not wrong:
            owed, wrong = owe_what_can_be_owed(now=now)
        report = deliver_due(now=now, contents=contents_of, seconds=LONGEST_SECONDS)
        self._say(f"{owed} mails of the clock owed; messages", report)
        if wrong:
            self.stderr.write(wrong)

    def _say(self, what: str, report: DeliveryReport) -> None:
        self.stdout.write(
            f"{what}: {report.sent} sent, {report.skipped} skipped, "
            f"{report.failed} to be tried again, {report.uncertain} perhaps sent, {report.dead} given up"
        )
