"""Erase somebody who asks the operator and cannot or will not do it on the site."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.access import person_for_operator
from programs.selectors.my_data.leaving import leaving_page
from programs.services.erasure import erase
from programs.services.errors import Refused


class Command(BaseCommand):
    help = (
        "Erase one person, as she could herself under Account, My data. It cannot be taken back. Make sure "
        "first that it is she who asks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", metavar="ADDRESS")
        parser.add_argument("--yes", action="store_true", help="do it; without, only say what would happen")

    def handle(self, *args, person: str, yes: bool, **options) -> None:
        now = timezone.now()
        user = person_for_operator(person)
        if user is None or user.erased_at:
            raise CommandError(f"Nobody here has the address {person}.", returncode=2)
        if not yes:
            self.stdout.write(
                f"{user} ({user.get_role_display()}): {leaving_page(user=user, now=now).in_short}"
            )
            self.stdout.write("Nothing was deleted. Add --yes to do it.")
            return
        try:
            erasure = erase(user=user, now=now)
        except Refused as refused:
            raise CommandError(refused.message, returncode=1) from None
        for table, count in erasure.counts.items():
            self.stdout.write(f"{count} {table}")
        if erasure.kept_until:
            self.stdout.write(f"Kept until {erasure.kept_until} under the reference {erasure.pseudonym}.")
        self.stdout.write(f"Erased: {erasure.get_kind_display()}.")
