"""Who saw or changed a runner's data: written at the door, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.base import AppendOnlyModel


class Act(models.TextChoices):
    LIST = "list", "saw you in a list"
    VIEW = "view", "opened your page"
    OVERRIDE = "override", "acted on your programme"
    EXPORT = "export", "took a copy of your data"
    MAIL = "mail", "was told by e-mail"
    ADMIN = "admin", "opened a record in the administration"
    CONSENT = "consent", "access changed"


class AccessRecord(AppendOnlyModel):
    """One act of somebody on one runner's data; ``actor`` is empty where a job acted."""

    # Found by the index of whom and when.
    runner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_records", db_index=False
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="access_records_made",
    )
    act = models.CharField(max_length=8, choices=Act.choices)
    detail = models.CharField(max_length=120, help_text="Which page, file, act or mail.")
    at = models.DateTimeField()
    origin = models.CharField(max_length=45, blank=True, help_text="Network address that it came from.")

    class Meta:
        indexes = [
            # The runner's own page of it, newest first.
            models.Index(fields=["runner", "-at"], name="access_records_of_a_runner"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=Act.values), name="access_act_is_known"),
            models.CheckConstraint(condition=~Q(detail=""), name="access_record_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.act} at {self.at:%Y-%m-%d %H:%M}"
