"""manage.py doctor: look at every part, and say what to do."""

import sys
from datetime import UTC, datetime

from django.core.management.base import BaseCommand

from rehab.diagnosis import examine
from rehab.findings import Grade


class Command(BaseCommand):
    help = "Examine database, broker, jobs, mail, disk and clocks. Exits with 1 where something is wrong."
    # Misconfigured is what it must be able to look at.
    requires_system_checks = []

    def handle(self, **options) -> None:
        findings = list(examine(datetime.now(UTC)))
        for finding in findings:
            self.stdout.write(f"{finding.grade:8} {finding.part}: {finding.text}")
            if finding.advice:
                self.stdout.write(f"         -> {finding.advice}")
        if any(finding.grade is Grade.WRONG for finding in findings):
            sys.exit(1)
