"""A site hold: no day is closed after a backup was restored, until an operator says so.

Two rows among the signs of life, so that every process sees them: the hold
itself, and when a backup was restored last. The first row can be written by a
restore in the transaction that brings the data back (rehab/backups). An act
of a person closes no day either meanwhile, and one that lets a runner do more
is refused: what would speak against it may be among what was lost (ADR 25).
"""

import datetime

from django.utils.translation import gettext as _

from programs.models import JobHeartbeat
from programs.services.errors import Refused

HOLD, RESTORED = "hold", "restored"
#: How the note begins while rows come back: then no mail goes out either.
BEING_RESTORED = "a backup is being restored"
HELD = "a backup was restored"
HOW_TO_END = "held until: manage.py resume --yes"


def held_because() -> str:
    """Why no day may be closed, or nothing."""
    return JobHeartbeat.objects.filter(name=HOLD).values_list("note", flat=True).first() or ""


def is_being_restored() -> bool:
    """True while nothing at all may happen by itself: what the backup owes is not settled yet."""
    return held_because().startswith(BEING_RESTORED)


def refuse_while_held() -> None:
    """For what lets a runner do more than she does. What protects her never asks. Raises Refused."""
    if held_because():
        raise Refused(
            _(
                "A backup of this site was restored, and what was entered after it was made is lost, perhaps "
                "a warning sign. So nothing is taken now that lets a runner do more. Warning signs, holds, "
                "earlier stages and less of an exercise are. Whoever runs the site ends this, with: "
                "manage.py resume"
            )
        )


def restored_at() -> datetime.datetime | None:
    """When a backup was restored last."""
    return JobHeartbeat.objects.filter(name=RESTORED).values_list("beat_at", flat=True).first()


def hold(*, note: str, now: datetime.datetime) -> None:
    JobHeartbeat.objects.update_or_create(name=HOLD, defaults={"beat_at": now, "note": note[:200]})


def resume() -> bool:
    """End the hold; False where there was none."""
    return bool(JobHeartbeat.objects.filter(name=HOLD).delete()[0])
