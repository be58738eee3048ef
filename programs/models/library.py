"""Library content as numbered rows: exercises, cards, red-flag questions, sources."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from programs.models.base import AppendOnlyModel, AppendOnlyQuerySet


class LibraryQuerySet(AppendOnlyQuerySet):
    def current(self) -> "LibraryQuerySet":
        """The newest number of every item."""
        newest = (
            self.model.objects.filter(kind=models.OuterRef("kind"), key=models.OuterRef("key"))
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest))

    def of_kind(self, kind: str) -> "LibraryQuerySet":
        return self.filter(kind=kind)


class LibraryItem(AppendOnlyModel):
    """One edition of one item; a change of the content is a new number."""

    kind = models.SlugField(max_length=30)
    key = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    clinic = models.ForeignKey(
        "accounts.Clinic",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose own exercise it is; empty for what is shipped.",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who wrote it; empty for what is shipped.",
    )

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = "library item"
        ordering = ["kind", "key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "number"], name="one_library_item_per_number"),
            models.CheckConstraint(
                condition=Q(made_by__isnull=True, clinic__isnull=True)
                | Q(made_by__isnull=False, kind="exercise"),
                name="only_exercises_are_a_clinics_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} v{self.number}"


#: Bytes of a picture as it is kept.
LARGEST_PICTURE = 400_000


class ExercisePicture(AppendOnlyModel):
    """A picture of a clinic's own exercise, made anew from what was uploaded. An item names it by its key."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "picture of an exercise"
        verbose_name_plural = "pictures of exercises"
        constraints = [
            models.CheckConstraint(condition=Q(size__range=(1, LARGEST_PICTURE)), name="picture_is_small"),
            models.CheckConstraint(
                condition=Q(width__range=(1, 2000), height__range=(1, 2000)), name="picture_has_a_usual_size"
            ),
        ]

    def __str__(self) -> str:
        return f"picture {self.key}"
