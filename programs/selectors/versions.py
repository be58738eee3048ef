"""The editions of a programme: who published each and why, how many follow it, what differs between two."""

import datetime
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models import Enrolment, ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.presentation import Tag
from programs.said import said
from programs.selectors.agreement_rows import enrolments_of_clinic
from programs.selectors.builder import draft_title
from programs.selectors.builder_faults import FaultLine, faults_in
from programs.selectors.differences import Differences, in_words
from programs.selectors.origin import Basis

STATUS: dict[str, Tag] = {
    VersionStatus.DRAFT: Tag(_("Draft"), "neutral", "info"),
    VersionStatus.PUBLISHED: Tag(_("Published"), "advance", "check"),
    VersionStatus.RETIRED: Tag(_("Retired"), "hold", "lock"),
}


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition. ``by`` is empty where no person published it; ``runners`` are those of her own clinic."""

    pk: int
    number: int
    tag: Tag
    is_draft: bool
    is_published: bool
    published_at: datetime.datetime | None
    by: str
    note: str
    retired_at: datetime.datetime | None
    retired_by: str
    retired_note: str
    runners: int


@dataclass(frozen=True, slots=True)
class Behind:
    """A runner of her own on an edition that is not the newest."""

    public_id: uuid.UUID
    runner_id: int
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """``newest`` is the newest edition that was published, if any."""

    key: str
    title: str
    is_own: bool
    rows: tuple[EditionRow, ...]
    newest: EditionRow | None
    behind: tuple[Behind, ...]

    @property
    def is_offered(self) -> bool:
        return self.newest is not None and self.newest.is_published


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft beside the newest edition before it, and what is wrong with it. ``before`` is 0 without one.

    ``origin`` names what it was copied from, where ``found`` are the differences from that.
    """

    key: str
    title: str
    number: int
    known_hash: str
    faults: tuple[FaultLine, ...]
    before: int
    found: Differences
    followers: int
    origin: str = ""
    origin_number: int = 0


def versions_page(*, template: ProgrammeTemplate, viewer: User, now: datetime.datetime) -> VersionsPage:
    """Every edition, the newest first; a draft of her own among them (four queries at most)."""
    is_own = ProgrammeTemplate.objects.owned_by(viewer).filter(pk=template.pk).exists()
    versions = template.versions.select_related("published_by", "retired_by").order_by("-number")
    if not is_own:
        versions = versions.exclude(status=VersionStatus.DRAFT)
    counts = _followers_of_clinic(template, viewer, now)
    rows = tuple(_row(version, counts[version.pk]) for version in versions.defer("document"))
    newest = next((row for row in rows if not row.is_draft), None)
    offered = newest if newest and newest.is_published else None
    return VersionsPage(
        key=template.key,
        title=said(template.title),
        is_own=is_own,
        rows=rows,
        newest=newest,
        behind=_behind(template, viewer, now, offered) if offered else (),
    )


def draft_state(*, draft: ProgrammeVersion, basis: Basis, exercises: Mapping[str, dict]) -> DraftState:
    """What publishing asks for: faults, differences, how many follow it (three queries at most)."""
    beside = basis.edition
    titles = {key: document["title"] for key, document in exercises.items()}
    return DraftState(
        key=draft.template.key,
        title=draft_title(draft),
        number=draft.number,
        known_hash=draft.content_hash,
        faults=faults_in(draft.document, exercises),
        before=beside.number if beside and not basis.is_origin else 0,
        found=in_words(beside.document, draft.document, titles) if beside else Differences(()),
        followers=basis.followers.count(),
        origin=said(beside.template.title) if basis.is_origin else "",
        origin_number=beside.number if basis.is_origin else 0,
    )


def two_editions(
    template: ProgrammeTemplate, old: int, new: int, *, viewer: User, now: datetime.datetime
) -> Differences | None:
    """What differs between two editions that she may read; None where one is not there (three queries)."""
    readable = ProgrammeVersion.objects.readable_by(viewer, now).filter(template=template)
    found = {version.number: version.document for version in readable.filter(number__in=(old, new))}
    return in_words(found[old], found[new]) if {old, new} <= found.keys() else None


def _followers_of_clinic(template: ProgrammeTemplate, viewer: User, now: datetime.datetime) -> Counter[int]:
    """Edition -> active runners who let in somebody of her clinic, or her (one query)."""
    following = enrolments_of_clinic(viewer, now).active().filter(version__template=template)
    return Counter(following.values_list("version_id", flat=True))


def _behind(
    template: ProgrammeTemplate, viewer: User, now: datetime.datetime, newest: EditionRow
) -> tuple[Behind, ...]:
    hers = Enrolment.objects.active().on_caseload_of(viewer, now).filter(version__template=template)
    rows = hers.filter(version__number__lt=newest.number).select_related("runner", "version")
    found = [
        Behind(row.public_id, row.runner_id, str(row.runner), row.version.number)
        for row in rows.defer("version__document")
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.number)))


def _row(version: ProgrammeVersion, runners: int) -> EditionRow:
    published, retired = version.notes
    return EditionRow(
        pk=version.pk,
        number=version.number,
        tag=STATUS[version.status],
        is_draft=version.status == VersionStatus.DRAFT,
        is_published=version.status == VersionStatus.PUBLISHED,
        published_at=version.published_at,
        by=str(version.published_by) if version.published_by else "",
        note=said(published),
        retired_at=version.retired_at,
        retired_by=str(version.retired_by) if version.retired_by else "",
        retired_note=retired,
        runners=runners,
    )
