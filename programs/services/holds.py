"""A hold on the jobs after a backup was restored: no day is closed until an operator says so.

Two rows among the signs of life, so that every process sees them: the hold
itself, and when a backup was restored last. The first row can be written by a
restore in the transaction that brings the data back (rehab/backups). An act
of a person closes the due days of that one programme all the same (``acts``).
"""

import datetime

from programs.models import JobHeartbeat

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


def restored_at() -> datetime.datetime | None:
    """When a backup was restored last."""
    return JobHeartbeat.objects.filter(name=RESTORED).values_list("beat_at", flat=True).first()


def hold(*, note: str, now: datetime.datetime) -> None:
    JobHeartbeat.objects.update_or_create(name=HOLD, defaults={"beat_at": now, "note": note[:200]})


def resume() -> bool:
    """End the hold; False where there was none."""
    return bool(JobHeartbeat.objects.filter(name=HOLD).delete()[0])
