"""Filters of the caseload: what was asked for, which rows pass, and what there is to choose."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from programs.caseload_words import NEEDS
from programs.engine.triage import NeedCode
from programs.models.caseload import LONGEST_VIEW
from programs.selectors.caseload_row import CaseRow

#: Letters of a search; longer than any name.
LONGEST_QUERY = 80
#: What a row may have besides its need: words, and how it is told.
FLAGS: dict[str, tuple[str, Callable[[CaseRow], bool]]] = {
    "paused": (_("Paused"), lambda row: row.is_paused),
    "held": (_("Held"), lambda row: row.hold_until is not None),
    "covered": (_("I cover for a colleague"), lambda row: row.covering is not None),
    "unread": (_("Unread messages"), lambda row: row.unread > 0),
    "review": (_("Review due"), lambda row: row.is_review_due),
}
_NEEDS = frozenset(NeedCode)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what is not among the choices asks for nothing.

    ``stage`` is ``programme/stage``, or the key of a stage in whichever programme.
    """

    query: str = ""
    need: str = ""
    stage: str = ""
    programme: str = ""
    flag: str = ""

    @property
    def is_anything(self) -> bool:
        return any((self.query, self.need, self.stage, self.programme, self.flag))

    @property
    def address(self) -> str:
        """As it stands after the question mark, and as a view keeps it."""
        pairs = {"q": self.query, "need": self.need, "stage": self.stage}
        pairs |= {"programme": self.programme, "flag": self.flag}
        return urlencode({name: value for name, value in pairs.items() if value})


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter, with how many rows it would show."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Stages of one programme."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """All that can be asked of these rows."""

    asked: Asked
    needs: tuple[Choice, ...]
    stages: tuple[Group, ...]
    programmes: tuple[Choice, ...]
    flags: tuple[Choice, ...]

    @property
    def may_be_kept(self) -> bool:
        return self.asked.is_anything and len(self.asked.address) <= LONGEST_VIEW


def asked_of(query: Mapping[str, str]) -> Asked:
    """What stands in an address. Anything may: only what is known, or short, is taken."""
    need, flag = query.get("need", ""), query.get("flag", "")
    return Asked(
        query=query.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY],
        need=need if need in _NEEDS else "",
        stage=query.get("stage", "")[:LONGEST_QUERY],
        programme=query.get("programme", "")[:LONGEST_QUERY],
        flag=flag if flag in FLAGS else "",
    )


def passes(row: CaseRow, asked: Asked) -> bool:
    if asked.query and asked.query.casefold() not in row.name.casefold():
        return False
    if asked.need in _NEEDS and row.need.code != asked.need:
        return False
    if asked.stage and asked.stage not in (row.stage_key, _stage(row)):
        return False
    if asked.programme and row.programme_key != asked.programme:
        return False
    return asked.flag not in FLAGS or FLAGS[asked.flag][1](row)


def filters_of(rows: Iterable[CaseRow], asked: Asked) -> Filters:
    """Every choice with its count over all rows, whatever else is chosen."""
    rows = list(rows)
    return Filters(
        asked,
        _needs(rows, asked.need),
        _stages(rows, asked.stage),
        _programmes(rows, asked),
        _flags(rows, asked),
    )


def _needs(rows: list[CaseRow], chosen: str) -> tuple[Choice, ...]:
    counts = Counter(row.need.code for row in rows)
    return tuple(
        Choice(code.value, NEEDS[code].label, counts[code], code == chosen)
        for code in NeedCode
        if counts[code] or code == chosen
    )


def _stage(row: CaseRow) -> str:
    return f"{row.programme_key}/{row.stage_key}"


def _stages(rows: list[CaseRow], chosen: str) -> tuple[Group, ...]:
    """By programme; where two programmes name a stage alike, its programme stands beside it."""
    counts = Counter((row.programme, row.programme_key, row.stage_key, row.stage) for row in rows)
    titles = Counter(title for _programme, title in {(stage[1], stage[3]) for stage in counts})
    found = []
    for (programme, key), stages in groupby(sorted(counts), key=lambda stage: stage[:2]):
        choices = []
        for stage in stages:
            value = f"{key}/{stage[2]}"
            # A list that is closed shows the choice without the heading of its group.
            label = f"{stage[3]} · {programme}" if titles[stage[3]] > 1 else stage[3]
            choices.append(Choice(value, label, counts[stage], chosen in (value, stage[2])))
        found.append(Group(programme, tuple(choices)))
    return tuple(found)


def _programmes(rows: list[CaseRow], asked: Asked) -> tuple[Choice, ...]:
    counts = Counter((row.programme, row.programme_key) for row in rows)
    return tuple(
        Choice(key, title, counts[title, key], key == asked.programme) for title, key in sorted(counts)
    )


def _flags(rows: list[CaseRow], asked: Asked) -> tuple[Choice, ...]:
    found = []
    for value, (label, has) in FLAGS.items():
        count = sum(map(has, rows))
        if count or value == asked.flag:
            found.append(Choice(value, label, count, value == asked.flag))
    return tuple(found)
