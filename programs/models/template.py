"""Programme templates and their numbered, frozen versions."""

import datetime
import re
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_noop

from programs.models.base import FrozenRowError

#: Between the note of who published an edition and that of who retired it.
NOTE_OF_RETIREMENT = "\n----\n"
#: The note of a draft that began as a copy, in English: pages say it in the language of whoever reads it.
NOTE_OF_COPY = gettext_noop("Begun as a copy of {edition}.")
_COPIED = re.compile(
    re.escape(NOTE_OF_COPY).replace(r"\{edition\}", r"([-\w]{1,60}) v([0-9]{1,9})"), re.ASCII
)


class VersionStatus(models.TextChoices):
    DRAFT = "draft", "draft"
    PUBLISHED = "published", "published"
    RETIRED = "retired", "retired"


class TemplateQuerySet(models.QuerySet):
    def shipped(self) -> "TemplateQuerySet":
        """Loaded from files; nobody edits them in the product."""
        return self.filter(created_by__isnull=True)

    def owned_by(self, clinician) -> "TemplateQuerySet":
        """Those of her clinic, and those that she began in none."""
        hers = Q(clinic__isnull=True, created_by=clinician)
        clinic = Q(
            clinic__memberships__clinician=clinician,
            clinic__memberships__left_at__isnull=True,
        )
        return self.filter(hers | clinic).distinct()

    def open_to(self, user, now: datetime.datetime) -> "TemplateQuerySet":
        """What is shipped; a physiotherapist's own; to a runner those of the clinics that she let in."""
        shipped = Q(created_by__isnull=True)
        if user.is_clinician:
            return self.filter(shipped | Q(pk__in=ProgrammeTemplate.objects.owned_by(user).values("pk")))
        if not user.is_runner:
            return self.filter(shipped)
        hers = user.consents_given.in_force(now).values("clinician")
        working = Q(clinic__memberships__clinician__in=hers, clinic__memberships__left_at__isnull=True)
        alone = Q(clinic__isnull=True, created_by__in=hers)
        theirs = ProgrammeTemplate.objects.filter(alone | working).values("pk")
        return self.filter(shipped | Q(pk__in=theirs))


class ProgrammeTemplate(models.Model):
    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    family = models.SlugField(max_length=60, help_text="A runner has one active enrolment in a family.")
    clinic = models.ForeignKey(
        "accounts.Clinic",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programme_templates",
        help_text="Whose own programme it is.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who began it; empty for what is shipped.",
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "programme template"
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(clinic__isnull=True) | Q(created_by__isnull=False),
                name="a_clinics_programme_was_begun_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class VersionQuerySet(models.QuerySet):
    def published(self) -> "VersionQuerySet":
        return self.filter(status=VersionStatus.PUBLISHED)

    def offered_to(self, runner, now: datetime.datetime) -> "VersionQuerySet":
        """What she may begin: shipped, or of the clinic of a physiotherapist whom she let in.

        Of each programme its newest edition only; where that one is retired, nothing.
        """
        editions = ProgrammeVersion.objects.exclude(status=VersionStatus.DRAFT)
        newest = editions.filter(template=OuterRef("template")).order_by("-number").values("pk")[:1]
        templates = ProgrammeTemplate.objects.open_to(runner, now).values("pk")
        return self.published().filter(template__in=templates, pk=Subquery(newest))

    def readable_by(self, user, now: datetime.datetime) -> "VersionQuerySet":
        """Once published, of a programme that is open to her; and what she or her runners follow."""
        editions = self.exclude(status=VersionStatus.DRAFT)
        followed = Q(enrolments__runner=user)
        if user.is_clinician:
            followed = Q(enrolments__runner__in=user.consents_received.in_force(now).values("runner"))
        theirs = ProgrammeVersion.objects.filter(followed).values("pk")
        templates = ProgrammeTemplate.objects.open_to(user, now).values("pk")
        return editions.filter(Q(template__in=templates) | Q(pk__in=theirs))

    def newest_first(self) -> "VersionQuerySet":
        return self.order_by("template__title", "-number")


class ProgrammeVersion(models.Model):
    """One numbered edition; from its publication on only its status may change."""

    template = models.ForeignKey(ProgrammeTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="versions_created",
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="versions_published",
    )
    published_job = models.CharField(
        max_length=60, blank=True, help_text="The command, where no person published it."
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "programme version"
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(status="draft"), name="at_most_one_draft_per_template"
            ),
            models.CheckConstraint(
                condition=Q(status__in=VersionStatus.values), name="version_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | (~Q(status="draft") & Q(published_at__isnull=False)),
                name="published_version_says_when",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True, published_job="")
                | Q(published_at__isnull=False, published_by__isnull=False, published_job="")
                | (Q(published_at__isnull=False, published_by__isnull=True) & ~Q(published_job="")),
                name="published_version_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(status="retired", retired_at__isnull=False, retired_by__isnull=False),
                name="retired_version_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template.key} v{self.number}"

    def save(self, *args, **kwargs):
        """Refuse to change what was published; the database refuses it too."""
        if not self._state.adding:
            stored = type(self).objects.filter(pk=self.pk).values("status", "content_hash", "document").get()
            frozen = stored["status"] != VersionStatus.DRAFT
            if frozen and (stored["content_hash"], stored["document"]) != (self.content_hash, self.document):
                raise FrozenRowError(f"{self} is published and never changes; make a new version")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        if self.status != VersionStatus.DRAFT:
            raise FrozenRowError(f"{self} is published and never deleted")
        return super().delete(*args, **kwargs)

    @cached_property
    def stage_documents(self) -> dict[str, dict]:
        """Stage key -> its part of the document, in order of progression."""
        return {stage["key"]: stage for stage in self.document["stages"]}

    @property
    def notes(self) -> tuple[str, str]:
        """Why it was published, and why it was retired."""
        published, _, retired = self.note.partition(NOTE_OF_RETIREMENT)
        return published, retired

    @property
    def copied_from(self) -> tuple[str, int] | None:
        """Key and number of the edition that a draft began as a copy of, as long as its note says so."""
        found = _COPIED.fullmatch(self.note)
        return (found[1], int(found[2])) if found else None

    def stage_title(self, key: str) -> str:
        return self.stage_documents[key]["title"]

    @property
    def start_stages(self) -> list[str]:
        """Keys of the stages that a new runner may begin with, by default up to the first active one."""
        stages = self.document["stages"]
        first_active = next(i for i, stage in enumerate(stages) if stage["kind"] != "rest")
        return self.document.get("start_stages") or [stage["key"] for stage in stages[: first_active + 1]]
