"""Erasing people: the one way around the append-only triggers, and what is kept of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.base import AppendOnlyModel

#: No account has this key, so the reference below can never be kept.
NOBODY = -1


class OpenErasure(models.Model):
    """While a row of this table is there, the append-only triggers stand aside.

    It refers to an account that cannot exist by a foreign key that both
    databases check at the end of the transaction. So it can be written, seen by
    its own transaction only, and must be taken away before the commit: nobody
    can leave the door open.
    """

    nobody = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, default=NOBODY, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(nobody=NOBODY), name="an_open_erasure_refers_to_nobody")
        ]

    def __str__(self) -> str:
        return "open erasure"


class ErasureKind(models.TextChoices):
    ALL = "all", "everything deleted"
    PSEUDONYM = "pseudonym", "person removed, clinical record kept"
    RETENTION = "retention", "kept record deleted after its time"
    CLOSED = "closed", "account of a physiotherapist or manager closed"


class Erasure(AppendOnlyModel):
    """That somebody was erased, when and what went; nothing of who it was."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=9, choices=ErasureKind.choices)
    role = models.CharField(max_length=12)
    at = models.DateTimeField()
    counts = models.JSONField(help_text="Table -> rows that went.")
    kept_until = models.DateField(null=True, blank=True, help_text="When what is kept will go as well.")
    pseudonym = models.UUIDField(null=True, blank=True, help_text="That of the account that is kept.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ErasureKind.values), name="erasure_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind="pseudonym") | Q(kept_until__isnull=False, pseudonym__isnull=False),
                name="what_is_kept_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"erasure of {self.at:%Y-%m-%d}"
