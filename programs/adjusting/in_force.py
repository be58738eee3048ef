"""Which exercises a physiotherapist has changed for one runner: the newest of each, in force.

They come with the query for the enrolment, as one column: a runner's page then
needs no other query for them.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Aggregate, CharField, F, JSONField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from programs.models import Adjustment, AdjustmentKind, Enrolment

#: Names in a row of the column -> where they stand.
_COLUMNS = {
    "pk": "pk",
    "exercise": "exercise",
    "kind": "kind",
    "level": "level",
    "instead": "instead",
    "reason_code": "reason_code",
    "reason": "reason",
    "date": "date",
    "review_on": "review_on",
    "name": "made_by__name",
    "email": "made_by__email",
}
_DATES = ("date", "review_on")


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One exercise, changed: ``kind`` as in the model, by whom and why."""

    exercise: str
    kind: str
    level: str = ""
    instead: str = ""
    by: str = ""
    reason: str = ""
    reason_code: str = ""
    date: datetime.date | None = None
    review_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Adjustments:
    """Exercise key -> its change in force; stage key -> number by which the library counts steps."""

    by_key: Mapping[str, Adjusted] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)

    def kind_of(self, key: str) -> str:
        found = self.by_key.get(key)
        return found.kind if found else ""

    def is_enabled(self, key: str) -> bool:
        return self.kind_of(key) == AdjustmentKind.ENABLE

    def stands_in(self, key: str) -> bool:
        """Is it another exercise's substitute? Then it is nothing to be added besides."""
        return any(one.kind == AdjustmentKind.SWAP and one.instead == key for one in self.by_key.values())


NONE = Adjustments()


class _Rows(Aggregate):
    """Many rows as one list."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


def adjusted_column() -> Subquery:
    """For the query that reads an enrolment anyway; null where nothing was ever changed."""
    texts = {name: Cast(F(column), CharField()) for name, column in _COLUMNS.items()}
    mine = Adjustment.objects.filter(enrolment=OuterRef("pk")).order_by().annotate(all_of_it=Value(1))
    return Subquery(mine.values("all_of_it").annotate(rows=_Rows(JSONObject(**texts))).values("rows"))


def adjustments_of(enrolment: Enrolment) -> Adjustments:
    """What holds for this runner now; no query where the door of the page has read it."""
    rows = _rows_of(enrolment)
    return Adjustments(in_force(rows), numbers_of(enrolment.version.document)) if rows else NONE


def in_force(rows: list[dict]) -> dict[str, Adjusted]:
    """The newest of each exercise; one that was taken back is none."""
    newest = {row["exercise"]: row for row in sorted(rows, key=lambda row: int(row["pk"]))}
    return {key: _adjusted(row) for key, row in newest.items() if row["kind"] != AdjustmentKind.RESTORE}


def numbers_of(document: dict) -> dict[str, int]:
    """Stage key -> step as the library counts: days of rest are 0, and the first active step 1."""
    first = 0 if document["stages"][0]["kind"] == "rest" else 1
    return {stage["key"]: number for number, stage in enumerate(document["stages"], start=first)}


def first_from(document: dict, number: int) -> dict | None:
    """The first stage of a programme from which an exercise of that number may be done; None if none is."""
    numbers = numbers_of(document)
    return next((stage for stage in document["stages"] if numbers[stage["key"]] >= number), None)


def _rows_of(enrolment: Enrolment) -> list[dict]:
    if hasattr(enrolment, "adjusted_rows"):
        return enrolment.adjusted_rows or []
    mine = Adjustment.objects.filter(enrolment=enrolment).values_list(*_COLUMNS.values())
    return [dict(zip(_COLUMNS, row, strict=True)) for row in mine]


def _adjusted(row: dict) -> Adjusted:
    dates = {name: _date(row[name]) for name in _DATES}
    words = {name: row[name] for name in ("exercise", "kind", "level", "instead", "reason", "reason_code")}
    return Adjusted(by=row["name"] or row["email"], **words, **dates)


def _date(value: str | datetime.date | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value
