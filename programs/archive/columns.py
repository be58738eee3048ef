"""What a table of the archive is made of."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a value is written in JSON, and what it becomes again."""

    ID = "id"
    NUMBER = "number"
    REFERENCE = "reference"
    PERSON = "person"
    TEXT = "text"
    WHOLE = "whole number"
    FLAG = "yes or no"
    DATE = "date"
    TIME = "time of day"
    INSTANT = "instant"
    PLAIN = "JSON"


#: Kinds that name a row of their own table; others refer to it by this value.
KEYS = (Kind.ID, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a row. ``field`` is the column of the model where its name is another."""

    name: str
    kind: Kind
    about: str
    may_be_null: bool = False
    to: str = ""
    words: tuple[str, ...] = ()
    field: str = ""
    #: Of JSON: "object" or "array".
    shape: str = ""
    #: False where a cell of a spreadsheet could not hold it.
    in_csv: bool = True

    @property
    def source(self) -> str:
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind; ``model`` names where they live, empty where that is more than one place."""

    name: str
    about: str
    columns: tuple[Column, ...]
    model: str = ""

    @property
    def key(self) -> Column | None:
        """The column that others refer to, if any does."""
        first = self.columns[0]
        return first if first.kind in KEYS else None


def public_id(about: str = "") -> Column:
    return Column("public_id", Kind.ID, about or "Stable id of this row, the same in every archive.")


def number() -> Column:
    return Column("number", Kind.NUMBER, "Number of the row in this archive, from 1; others refer to it.")


def text(name: str, about: str, **more) -> Column:
    return Column(name, Kind.TEXT, about, **more)


def whole(name: str, about: str, **more) -> Column:
    return Column(name, Kind.WHOLE, about, **more)


def flag(name: str, about: str, **more) -> Column:
    return Column(name, Kind.FLAG, about, **more)


def date(name: str, about: str, **more) -> Column:
    return Column(name, Kind.DATE, about, **more)


def instant(name: str, about: str, **more) -> Column:
    return Column(name, Kind.INSTANT, about, **more)


def plain(name: str, shape: str, about: str, **more) -> Column:
    return Column(name, Kind.PLAIN, about, shape=shape, **more)


def person(name: str, about: str, **more) -> Column:
    return Column(name, Kind.PERSON, about, **more)


def reference(name: str, to: str, about: str, **more) -> Column:
    return Column(name, Kind.REFERENCE, about, to=to, **more)


def score(name: str, about: str) -> Column:
    return whole(name, f"{about}, 0-10; null is not recorded.", may_be_null=True)
