"""Forgetting what was counted for rate limits: network addresses are personal data."""

import datetime

from accounts.models import CacheEntry


def forget_expired(*, now: datetime.datetime) -> int:
    """Delete the counts that have run out; returns how many."""
    deleted, _ = CacheEntry.objects.filter(expires__lt=now).delete()
    return deleted
