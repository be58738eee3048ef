"""Do the hand-overs that are due by hand: the same service as the worker."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.services.hand_overs import carry_out_hand_overs


class Command(BaseCommand):
    help = "Hand over the runners whose notice is over and who did not refuse. A repeat finds nothing."

    def handle(self, *args, **options):
        done = carry_out_hand_overs(now=timezone.now())
        self.stdout.write(f"{done} hand-over{'' if done == 1 else 's'} done")
