"""Check the whole ledger: recompute every decision from its stored inputs."""

from django.core.management.base import BaseCommand, CommandError

from programs.services.verification import LedgerReport, verify_ledger


class Command(BaseCommand):
    help = "Recompute every stored decision from its inputs; exits non-zero on a difference."

    def handle(self, *args, **options):
        report = LedgerReport()
        differences = 0
        for difference in verify_ledger(report):
            differences += 1
            self.stderr.write(str(difference))
        self.stdout.write(
            f"{report.checked} decisions recomputed, {differences} differences, "
            f"{report.other_engine} written by another engine version and not recomputed"
        )
        if differences:
            raise CommandError("The ledger differs from what its inputs give.")
