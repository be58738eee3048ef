"""The ladder of a programme version: every step with its content, limits and where they come from."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.adjusting.in_force import NONE, Adjustments, adjustments_of
from programs.engine.values import StageKind
from programs.models import Enrolment, PainPattern, ProgrammeVersion, VersionStatus
from programs.said import said_document
from programs.selectors.evidence import Evidence, Source, evidence_of, sources_by_key
from programs.selectors.library import exercise_documents
from programs.selectors.prescription import Session, sessions_of
from programs.selectors.threshold_words import CRITERIA, ENGINE, LIMITS, gap_words, weekly_words

KIND_WORDS = {
    StageKind.REST: _("Easy days"),
    StageKind.DAILY: _("Every day is possible"),
    StageKind.ALTERNATE: _("With rest days between"),
    StageKind.FINAL: _("Last step: you stay here"),
}
KIND_ICONS = {
    StageKind.REST: "rest",
    StageKind.DAILY: "walk",
    StageKind.ALTERNATE: "run",
    StageKind.FINAL: "run",
}


@dataclass(frozen=True, slots=True)
class Threshold:
    words: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class PartBasis:
    """Why a part of a step is there."""

    title: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Step:
    """``state`` is behind, current or ahead on a runner's ladder, and empty on a programme's own."""

    number: int
    key: str
    title: str
    icon: str
    kind: str
    state: str
    summary: str
    sessions: tuple[Session, ...]
    normal: tuple[str, ...]
    not_normal: tuple[str, ...]
    stop_if: tuple[str, ...]
    criteria: tuple[Threshold, ...]
    limits: tuple[Threshold, ...]
    bases: tuple[PartBasis, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    key: str
    title: str
    number: int
    is_retired: bool
    summary: str
    condition: str
    audience: str
    entry: tuple[str, ...]
    notes: tuple[str, ...]
    steps: tuple[Step, ...]
    rules: tuple[Threshold, ...]
    current: Step | None


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One published programme of the list; ``others`` are numbers of earlier versions."""

    key: str
    number: int
    title: str
    condition: str
    audience: str
    summary: str
    steps: int
    others: tuple[int, ...]


def ladder_of_runner(enrolment: Enrolment) -> Ladder:
    """The pinned version with the present step marked. Two queries, or three without ``adjusted_rows``."""
    given = adjustments_of(enrolment)
    return _ladder(enrolment.version, pattern=enrolment.pattern, stage=enrolment.stage, given=given)


def ladder_of_version(version: ProgrammeVersion) -> Ladder:
    """A version as it is, for nobody in particular. Two queries."""
    return _ladder(version, pattern=PainPattern.NEITHER, stage="")


def readable_version(key: str, number: int, *, user: User, now: datetime.datetime) -> ProgrammeVersion | None:
    """A published or retired version that is open to her; drafts are nobody's to read here (one query)."""
    versions = ProgrammeVersion.objects.readable_by(user, now).select_related("template")
    return versions.filter(template__key=key, number=number).first()


def published_programmes(*, user: User, now: datetime.datetime) -> tuple[ProgrammeRow, ...]:
    """The newest published version of every programme that is open to her, by title (one query)."""
    found: dict[str, list[ProgrammeVersion]] = {}
    readable = ProgrammeVersion.objects.readable_by(user, now).published()
    for version in readable.select_related("template").newest_first():
        found.setdefault(version.template.key, []).append(version)
    return tuple(_row(key, versions) for key, versions in found.items())


def _row(key: str, versions: list[ProgrammeVersion]) -> ProgrammeRow:
    newest, document = versions[0], said_document(versions[0].document)
    return ProgrammeRow(
        key=key,
        number=newest.number,
        title=document["title"],
        condition=document["condition"],
        audience=document["audience"],
        summary=document["summary"],
        steps=len(document["stages"]),
        others=tuple(version.number for version in versions[1:]),
    )


def _ladder(version: ProgrammeVersion, *, pattern: str, stage: str, given: Adjustments = NONE) -> Ladder:
    document, sources, exercises = said_document(version.document), sources_by_key(), exercise_documents()
    keys = [part["key"] for part in document["stages"]]
    position = keys.index(stage) if stage else None
    steps = tuple(
        _step(at, part, _state(at, position), sessions_of(part, pattern, exercises, given), sources)
        for at, part in enumerate(document["stages"])
    )
    return Ladder(
        key=version.template.key,
        title=document["title"],
        number=version.number,
        is_retired=version.status == VersionStatus.RETIRED,
        summary=document["summary"],
        condition=document["condition"],
        audience=document["audience"],
        entry=tuple(document.get("entry", ())),
        notes=tuple(document.get("notes", ())),
        steps=steps,
        rules=_thresholds(document.get("engine", {}), ENGINE, sources),
        current=None if position is None else steps[position],
    )


def _state(at: int, position: int | None) -> str:
    if position is None:
        return ""
    return "current" if at == position else "behind" if at < position else "ahead"


def _step(at: int, part: dict, state: str, sessions: tuple[Session, ...], sources: dict[str, Source]) -> Step:
    return Step(
        number=at + 1,
        key=part["key"],
        title=part["title"],
        icon=KIND_ICONS[part["kind"]],
        kind=KIND_WORDS[part["kind"]],
        state=state,
        summary=part["summary"],
        sessions=sessions,
        normal=tuple(part["normal"]),
        not_normal=tuple(part["not_normal"]),
        stop_if=tuple(part["stop_if"]),
        criteria=_thresholds(part.get("criteria", {}), CRITERIA, sources),
        limits=(*_rhythm(part, sources), *_thresholds(part.get("limits", {}), LIMITS, sources)),
        bases=tuple(
            PartBasis(session["title"], evidence_of(session["basis"], sources))
            for session in part["sessions"]
        ),
    )


def _thresholds(given: dict, words: dict, sources: dict[str, Source]) -> tuple[Threshold, ...]:
    """Those that the document gives, in the order of the words."""
    return tuple(
        Threshold(say(given[name]["value"]), evidence_of(given[name], sources))
        for name, say in words.items()
        if name in given
    )


def _rhythm(part: dict, sources: dict[str, Source]) -> tuple[Threshold, ...]:
    if "sessions_per_week" not in part:
        return ()
    weekly, gap = part["sessions_per_week"], part["days_between"]
    return (
        Threshold(weekly_words(weekly), evidence_of(weekly, sources)),
        Threshold(gap_words(gap["value"]), evidence_of(gap, sources)),
    )
