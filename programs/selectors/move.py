"""Where a runner may be moved to, and what would be different there."""

from dataclasses import dataclass

from accounts.models import User
from programs.engine.values import StageKind
from programs.models import Enrolment, ProgrammeTemplate, ProgrammeVersion
from programs.said import said, said_document
from programs.selectors.differences import Differences, in_words


@dataclass(frozen=True, slots=True)
class MoveOption:
    """A published version; ``is_same`` programme, so that it is another edition of hers."""

    pk: int
    title: str
    number: int
    note: str
    is_same: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class MoveChoices:
    was: str
    was_number: int
    options: tuple[MoveOption, ...]


@dataclass(frozen=True, slots=True)
class StagePair:
    """One stage as it is and as it would be; either may be missing. ``is_changed``: not the same content."""

    old: str
    new: str
    is_changed: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class MovePage:
    """``proposed`` is the stage of the same key, empty where there is none."""

    option: MoveOption
    was: str
    was_number: int
    differences: Differences
    pairs: tuple[StagePair, ...]
    stages: list[tuple[str, str]]
    proposed: str


def move_choices(*, enrolment: Enrolment, by: User) -> MoveChoices:
    """Versions to choose from, those of her present programme first (two queries).

    Of other programmes the newest published version each; of her own all that
    are published. ``enrolment`` comes with its version.
    """
    options = tuple(_option(version, enrolment) for version in _versions(enrolment, by))
    return MoveChoices(said(enrolment.version.document["title"]), enrolment.version.number, options)


def move_page(*, enrolment: Enrolment, by: User, version: int) -> MovePage | None:
    """What the move would change; None where that version is not to be chosen (three queries)."""
    found = next((one for one in _versions(enrolment, by) if one.pk == version), None)
    if found is None:
        return None
    old, new = said_document(enrolment.version.document), said_document(found.document)
    stages = [(stage["key"], stage["title"]) for stage in new["stages"] if stage["kind"] != StageKind.REST]
    return MovePage(
        option=_option(found, enrolment),
        was=old["title"],
        was_number=enrolment.version.number,
        differences=in_words(enrolment.version.document, found.document),
        pairs=tuple(_pairs(old["stages"], new["stages"], enrolment.stage)),
        stages=stages,
        proposed=enrolment.stage if enrolment.stage in dict(stages) else "",
    )


def _versions(enrolment: Enrolment, by: User) -> list[ProgrammeVersion]:
    own = set(ProgrammeTemplate.objects.owned_by(by).values_list("pk", flat=True))
    rows = ProgrammeVersion.objects.published().exclude(pk=enrolment.version_id)
    seen, found = set(), []
    for version in rows.select_related("template").newest_first():
        template = version.template
        is_same = template.pk == enrolment.version.template_id
        is_open = template.created_by_id is None or template.pk in own
        if is_open and (is_same or template.pk not in seen):
            seen.add(template.pk)
            found.append(version)
    return sorted(found, key=lambda version: version.template_id != enrolment.version.template_id)


def _option(version: ProgrammeVersion, enrolment: Enrolment) -> MoveOption:
    return MoveOption(
        pk=version.pk,
        title=said(version.document["title"]),
        number=version.number,
        note=version.note,
        is_same=version.template_id == enrolment.version.template_id,
        is_own=version.template.created_by_id is not None,
    )


def _pairs(old: list[dict], new: list[dict], here: str):
    """Stages of the same key beside each other, in the new order; those that are gone come last."""
    before = {stage["key"]: stage for stage in old}
    for stage in new:
        was = before.pop(stage["key"], None)
        is_here = stage["key"] == here and was is not None
        yield StagePair(was["title"] if was else "", stage["title"], was not in (None, stage), is_here)
    for key, stage in before.items():
        yield StagePair(stage["title"], "", is_changed=False, is_here=key == here)
