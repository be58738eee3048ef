"""The editions that a runner has followed: days before a move are told by the one that she left.

Keys of stages belong to an edition; the present one may not know those of the
days before. Published editions never change, so they are kept in memory, and
somebody who was never moved costs no query.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from programs.models import Decision, Enrolment, Override, OverrideKind, ProgrammeVersion
from programs.said import said
from programs.shelf import editions


@dataclass(frozen=True, slots=True)
class Editions:
    """``left``: those of before, by id; ``moves``: on which date which of them was left, in order."""

    present: ProgrammeVersion
    left: Mapping[int, ProgrammeVersion] = field(default_factory=dict)
    moves: tuple[tuple[datetime.date, int], ...] = ()

    def of(self, version_id: int) -> ProgrammeVersion:
        return self.left.get(version_id, self.present)

    def title(self, key: str, version_id: int) -> str:
        return title_in(self.of(version_id), key)

    def shown_on(self, date: datetime.date, key: str) -> ProgrammeVersion:
        """The edition under which that stage stood on her page; on the day of a move its key tells."""
        for at, (moved_on, version_id) in enumerate(self.moves):
            later = self.moves[at + 1 :]
            following = self.of(later[0][1]) if later else self.present
            was_before = date == moved_on and key not in following.stage_documents
            if date < moved_on or was_before:
                return self.of(version_id)
        return self.present


def title_in(version: ProgrammeVersion, key: str) -> str:
    """The title of a stage; a key that is not there stands for itself."""
    return said(version.stage_documents.get(key, {}).get("title", key))


def editions_of(enrolment: Enrolment, moves: Iterable[tuple[datetime.date, int]]) -> Editions:
    """``moves``: dates with the id of the edition that was left then. At most one query."""
    moves = tuple(moves)
    others = {version_id for _date, version_id in moves} - {enrolment.version_id}
    return Editions(enrolment.version, editions(others), moves)


def editions_lived(enrolment: Enrolment, overrides: Iterable[Override]) -> Editions:
    """From the acts of a history; no query where nobody moved her or it was read, else two at most."""
    if not _was_moved(overrides):
        return Editions(enrolment.version)
    if not hasattr(enrolment, "moves"):
        read_moves([enrolment], {enrolment.pk: overrides})
    return editions_of(enrolment, enrolment.moves)


def read_moves(enrolments: Iterable[Enrolment], overrides: Mapping[int, Iterable[Override]]) -> None:
    """Read for a batch, with the acts of each by its id, when whom was moved (two queries, or none)."""
    moved = {row.pk: row for row in enrolments if _was_moved(overrides[row.pk])}
    if not moved:
        return
    for row in moved.values():
        row.moves = []
    rows = Decision.objects.filter(enrolment__in=moved, override__kind=OverrideKind.MOVE_VERSION)
    for pk, date, left in rows.order_by("pk").values_list("enrolment", "date", "version_id"):
        moved[pk].moves.append((date, left))
    editions({left for row in moved.values() for _date, left in row.moves if left != row.version_id})


def _was_moved(overrides: Iterable[Override]) -> bool:
    return any(act.kind == OverrideKind.MOVE_VERSION for act in overrides)


def titles_of(row: Decision, present: ProgrammeVersion) -> tuple[str, str]:
    """Titles of the stages before and after; ``row`` comes with its act."""
    known = {present.pk: present, **editions({row.version_id} - {present.pk})}
    ends_in = row.override.version_id if row.override_id and row.override.version_id else row.version_id
    known |= editions({ends_in} - known.keys())
    return title_in(known[row.version_id], row.stage_before), title_in(known[ends_in], row.stage_after)
