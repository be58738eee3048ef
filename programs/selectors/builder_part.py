"""The page of one part of a draft: what it is called, what is wrong in it, what surrounds it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from programs.builder.edits import session_at, stage_at
from programs.builder.parts import list_at, mapping_of, words_of
from programs.builder.places import ABOUT, RULES, SESSION, STAGE, Part
from programs.engine.document_stages import RUNNING_KINDS
from programs.library.loader import SOURCE
from programs.models import ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.said import said
from programs.selectors.builder import draft_title
from programs.selectors.builder_faults import FaultLine, faults_in, session_name, stage_name
from programs.selectors.intervals import RunWalk, run_walk_of
from programs.shelf import shelf

LONGEST_SOURCE = 70
#: A picture with more bars than this shows nothing any more.
MOST_BARS = 400
LONGEST_PART = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class SessionRow:
    number: int
    title: str
    counts: bool
    faults: int


@dataclass(frozen=True, slots=True)
class PartPage:
    """``was`` names the part by its keys: positions change when somebody else moves a stage."""

    key: str
    programme: str
    part: Part
    title: str
    known_hash: str
    was: str
    faults: tuple[FaultLine, ...]
    elsewhere: int
    sessions: tuple[SessionRow, ...] = ()
    stage_title: str = ""
    outing: RunWalk | None = None

    @property
    def stage_number(self) -> int:
        return self.part.stage + 1


def part_page(draft: ProgrammeVersion, part: Part, exercises: Mapping[str, dict]) -> PartPage:
    """Raises IndexError where the draft has no such stage or session."""
    document = draft.document
    title = _title(document, part)
    faults = faults_in(document, exercises)
    sessions = _sessions(document, part, faults) if part.name == STAGE else ()
    return PartPage(
        key=draft.template.key,
        programme=draft_title(draft),
        part=part,
        title=title,
        known_hash=draft.content_hash,
        was=keys_of(document, part),
        faults=tuple(line for line in faults if line.part == part),
        elsewhere=sum(line.part != part for line in faults),
        sessions=sessions,
        stage_title=stage_name(document, part.stage) if part.name == SESSION else "",
        outing=outing_of(document, part),
    )


def keys_of(document: dict, part: Part) -> str:
    """The keys of stage and session, as far as there are any."""
    names = []
    if part.stage >= 0:
        names.append(words_of(stage_at(document, part.stage).get("key")))
    if part.session >= 0:
        names.append(words_of(session_at(document, part.stage, part.session).get("key")))
    return "/".join(names)


def part_by_keys(document: dict, part: Part, was: str) -> Part | None:
    """Where the part stands now that had these keys; None where it is gone."""
    for place in _places(document, part.name):
        if keys_of(document, place) == was:
            return place
    return None


def outing_of(document: dict, part: Part) -> RunWalk | None:
    """The picture of a session with intervals; None without any, or where they cannot be drawn."""
    if part.name != SESSION:
        return None
    run_walk = session_at(document, part.stage, part.session).get("run_walk")
    return run_walk_of(run_walk) if _can_be_drawn(run_walk) else None


def sources_listed(document: dict) -> list[tuple[str, str]]:
    """The sources of a draft with their titles, for a choice."""
    listed = [key for key in list_at(document, "sources") if isinstance(key, str)]
    titles = dict(every_source())
    return [(key, titles.get(key, key)) for key in listed]


def every_source() -> list[tuple[str, str]]:
    """Every source of the library, by short name."""
    rows = shelf().of(SOURCE)
    return [(row.key, f"{row.key} – {_shortened(said(row.document['title']))}") for row in rows]


def stages_to_copy(readable: list[ProgrammeVersion]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Stages of other programmes, each under its programme: for a choice."""
    return [
        (
            said(version.template.title),
            [
                (f"{version.pk}:{at}", said(stage_name(version.document, at)))
                for at in range(len(list_at(version.document, "stages")))
            ],
        )
        for version in readable
    ]


def readable_versions(clinician: User) -> list[ProgrammeVersion]:
    """Published editions from which a stage may be taken: what is shipped, and her own (two queries)."""
    templates = [
        *ProgrammeTemplate.objects.shipped().values_list("pk", flat=True),
        *ProgrammeTemplate.objects.owned_by(clinician).values_list("pk", flat=True),
    ]
    found = ProgrammeVersion.objects.filter(template_id__in=templates, status=VersionStatus.PUBLISHED)
    newest = {version.template_id: version for version in found.order_by("number").select_related("template")}
    return sorted(newest.values(), key=lambda version: version.template.title)


def can_run(document: dict, stage: int) -> bool:
    return stage_at(document, stage).get("kind") in tuple(RUNNING_KINDS)


def _title(document: dict, part: Part) -> str:
    keys_of(document, part)
    if part.name == STAGE:
        return stage_name(document, part.stage)
    if part.name == SESSION:
        return session_name(document, part.stage, part.session)
    return {ABOUT: _("Texts and sources"), RULES: _("Numbers of the rules")}[part.name]


def _sessions(document: dict, part: Part, faults: tuple[FaultLine, ...]) -> tuple[SessionRow, ...]:
    listed = list_at(stage_at(document, part.stage), "sessions")
    return tuple(
        SessionRow(
            number=at + 1,
            title=session_name(document, part.stage, at),
            counts=mapping_of(session).get("counts") is True,
            faults=sum(line.part == Part(SESSION, part.stage, at) for line in faults),
        )
        for at, session in enumerate(listed)
    )


def _places(document: dict, name: str) -> Iterator[Part]:
    stages = list_at(document, "stages")
    if name in (ABOUT, RULES):
        yield Part(name)
    for at, stage in enumerate(stages):
        if name == STAGE:
            yield Part(STAGE, at)
        if name == SESSION:
            yield from (Part(SESSION, at, number) for number in range(len(list_at(stage, "sessions"))))


def _can_be_drawn(run_walk: object) -> bool:
    """Numbers where there must be some, and a length that a picture can hold."""
    intervals = list_at(run_walk, "intervals")
    ends = [mapping_of(run_walk).get(name) for name in ("warm_up_min", "cool_down_min")]
    names = ("run_seconds", "walk_seconds", "repeats")
    numbers = [*ends, *(mapping_of(part).get(name) for part in intervals for name in names)]
    if not intervals or not all(_is_length(number) for number in numbers):
        return False
    bars = sum(2 * part["repeats"] for part in intervals)
    fewest = [part.get("repeats_from") for part in intervals]
    return 0 < bars <= MOST_BARS and all(few is None or _is_length(few) for few in fewest)


def _is_length(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= LONGEST_PART


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST_SOURCE else f"{title[:LONGEST_SOURCE].rstrip()}…"
