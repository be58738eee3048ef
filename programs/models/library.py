"""Library content as numbered rows: exercises, cards, red-flag questions, sources."""

from django.db import models

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

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = "library item"
        ordering = ["kind", "key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "number"], name="one_library_item_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} v{self.number}"
