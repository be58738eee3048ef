"""manage.py reset_second_factor EMAIL --reason "…": for a colleague who lost phone and recovery codes."""

import getpass

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.addresses import canonical
from accounts.models import User
from accounts.services.errors import Refused
from accounts.services.second_factor import reset_second_factor


class Command(BaseCommand):
    help = "Take away the second factor of somebody who lost it. First make sure who is asking."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="kept in the log; no health data")

    def handle(self, *, email: str, reason: str, **options) -> None:
        user = User.objects.filter(email__iexact=canonical(email)).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email} here.")
        if not reason.strip():
            raise CommandError("Say why: --reason must not be empty.")
        try:
            count = reset_second_factor(
                user=user, reason=reason, operator=getpass.getuser(), now=timezone.now()
            )
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(
            f"{count} removed, every session ended, {user.email} told by mail. The next sign-in asks for "
            "the password and a code from that mailbox, then for a new second factor."
        )
