"""The programmes that a physiotherapist may read, copy and change, and the overview of one draft."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from programs.builder.parts import found, list_at, mapping_of, words_of
from programs.builder.places import ABOUT, LADDER, RULES, SESSION, STAGE
from programs.engine.values import StageKind
from programs.models import ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.said import said
from programs.selectors.builder_faults import FaultLine, faults_in, session_name, stage_name
from programs.selectors.ladder import KIND_ICONS, KIND_WORDS
from programs.selectors.walk import good_walk

_COLUMNS = ("template_id", "number", "status", "document__title", "document__summary")


@dataclass(frozen=True, slots=True)
class ShippedRow:
    """A programme that nobody edits; its newest edition may be copied."""

    key: str
    title: str
    summary: str
    number: int


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A programme of her own. ``published`` is the newest number that may be followed, 0 without one."""

    key: str
    title: str
    summary: str
    numbers: int
    published: int
    draft: int


@dataclass(frozen=True, slots=True)
class ProgrammesPage:
    shipped: tuple[ShippedRow, ...]
    own: tuple[OwnRow, ...]


def programmes_page(clinician: User) -> ProgrammesPage:
    """What is shipped and what is hers, by title (three queries)."""
    shipped = {one.pk: one for one in ProgrammeTemplate.objects.shipped().order_by("title")}
    own = {one.pk: one for one in ProgrammeTemplate.objects.owned_by(clinician).order_by("title")}
    versions: dict[int, list[dict]] = {pk: [] for pk in (*shipped, *own)}
    rows = ProgrammeVersion.objects.filter(template_id__in=versions).order_by("number").values(*_COLUMNS)
    for row in rows:
        versions[row["template_id"]].append(row)
    return ProgrammesPage(
        shipped=tuple(
            _shipped_row(one, newest)
            for pk, one in shipped.items()
            if (newest := _newest(versions[pk], VersionStatus.PUBLISHED))
        ),
        own=tuple(_own_row(one, versions[pk]) for pk, one in own.items()),
    )


def _newest(versions: list[dict], status: str) -> dict | None:
    return next((row for row in reversed(versions) if row["status"] == status), None)


def _shipped_row(template: ProgrammeTemplate, newest: dict) -> ShippedRow:
    title, summary = (said(words_of(newest[f"document__{name}"])) for name in ("title", "summary"))
    return ShippedRow(key=template.key, title=title, summary=summary, number=newest["number"])


def _own_row(template: ProgrammeTemplate, versions: list[dict]) -> OwnRow:
    draft = _newest(versions, VersionStatus.DRAFT) or {}
    published = _newest(versions, VersionStatus.PUBLISHED) or {}
    return OwnRow(
        key=template.key,
        title=template.title,
        summary=words_of((published or draft).get("document__summary")),
        numbers=sum(row["status"] != VersionStatus.DRAFT for row in versions),
        published=published.get("number", 0),
        draft=draft.get("number", 0),
    )


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage on the overview; ``number`` counts from 1 as pages do."""

    number: int
    title: str
    icon: str
    kind: str
    facts: str
    sessions: tuple[str, ...]
    faults: int


@dataclass(frozen=True, slots=True)
class DraftPage:
    """``known_hash`` is what the page shows: a save names it, so that nothing is overwritten unseen."""

    key: str
    title: str
    number: int
    is_first: bool
    known_hash: str
    summary: str
    audience: str
    about_faults: int
    rules_faults: int
    stages: tuple[StageRow, ...]
    faults: tuple[FaultLine, ...]
    #: Days of the invented runner with good scores, in words; empty where the draft is faulty, or she stops.
    good_walk: str = ""

    @property
    def ladder_faults(self) -> tuple[FaultLine, ...]:
        return tuple(line for line in self.faults if line.part.name == LADDER)


def draft_page(draft: ProgrammeVersion, exercises: Mapping[str, dict]) -> DraftPage:
    """The whole draft, stage by stage, with what is wrong (two queries at most)."""
    document, faults = draft.document, faults_in(draft.document, exercises)
    by_part = Counter((line.part.name, line.part.stage) for line in faults)
    stages = list_at(document, "stages")
    return DraftPage(
        key=draft.template.key,
        title=draft_title(draft),
        number=draft.number,
        is_first=draft.number == 1,
        known_hash=draft.content_hash,
        summary=words_of(document.get("summary")),
        audience=words_of(document.get("audience")),
        about_faults=by_part[(ABOUT, -1)],
        rules_faults=by_part[(RULES, -1)],
        stages=tuple(
            _stage_row(document, at, by_part[(STAGE, at)] + by_part[(SESSION, at)])
            for at in range(len(stages))
        ),
        faults=faults,
        good_walk="" if faults else good_walk(draft),
    )


def draft_title(draft: ProgrammeVersion) -> str:
    return words_of(draft.document.get("title")).strip() or draft.template.title


def _stage_row(document: dict, at: int, faults: int) -> StageRow:
    stage = mapping_of(list_at(document, "stages")[at])
    kind = stage.get("kind")
    known = StageKind(kind) if isinstance(kind, str) and kind in tuple(StageKind) else None
    sessions = range(len(list_at(stage, "sessions")))
    return StageRow(
        number=at + 1,
        title=stage_name(document, at),
        icon=KIND_ICONS[known] if known else "warning",
        kind=str(KIND_WORDS[known]) if known else _("No kind yet"),
        facts=_facts(stage),
        sessions=tuple(session_name(document, at, session) for session in sessions),
        faults=faults,
    )


def _facts(stage: dict) -> str:
    """What it takes to leave the stage, in short."""
    names = ("need_sessions", "min_days", "q")
    numbers = [found(stage, ["criteria", name, "value"], None) for name in names]
    if not all(isinstance(number, int) for number in numbers):
        return ""
    sessions, days, q = numbers
    words = _("{sessions} comfortable sessions and {days} days; pain up to {q} is quiet")
    return words.format(sessions=sessions, days=days, q=q)
