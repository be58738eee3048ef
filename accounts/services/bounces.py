"""Addresses that refuse our mails for good: noted when it happens, shown until one arrives again."""

import datetime

from accounts.models import User

LONGEST_CODE = User._meta.get_field("bounce").max_length


def mark_bouncing(*, user: User, code: str, now: datetime.datetime) -> bool:
    """Note that her address refuses mails, and what the server said; False where it is known already."""
    reached = User.objects.filter(pk=user.pk, bounced_at__isnull=True, erased_at__isnull=True)
    return reached.update(bounced_at=now, bounce=code[:LONGEST_CODE] or "refused") == 1


def mark_reached(*, user: User) -> bool:
    """Forget it: a mail arrived, she changed the address, or she says that it works again."""
    return User.objects.filter(pk=user.pk, bounced_at__isnull=False).update(bounced_at=None, bounce="") == 1
