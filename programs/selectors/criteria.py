"""Criteria for leaving a stage, with numbers and, where wanted, grade and source in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.engine.criteria import Criterion, Status
from programs.models import ProgrammeVersion
from programs.said import said
from programs.selectors.evidence import Source, evidence_of, sentence

ENGINE_PLACE = "engine."
PLAIN_LIMITS = ("none", "known", "recorded")


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One row of ``components/criteria.html``."""

    state: str
    label: str
    detail: str
    source: str = ""


def criterion_rows(
    criteria: Iterable[Criterion],
    version: ProgrammeVersion,
    stage: str,
    sources: dict[str, Source] | None = None,
    *,
    then: bool = False,
) -> tuple[CriterionRow, ...]:
    """Rows of every criterion; with sources they say where each limit comes from.

    ``then``: as they stood when a decision was made, and not as they stand now.
    """
    rows = []
    for criterion in criteria:
        threshold = _threshold(criterion.place, version, stage)
        source = evidence_of(threshold, sources).words if sources and threshold else ""
        numbers = _numbers(criterion, then=then)
        rows.append(CriterionRow(criterion.status.value, said(criterion.text), numbers, source))
    return tuple(rows)


def recorded(criteria: list[dict]) -> tuple[Criterion, ...]:
    """The criteria of a row of the ledger."""
    return tuple(Criterion(**{**row, "status": Status(row["status"])}) for row in criteria)


def _numbers(criterion: Criterion, *, then: bool) -> str:
    """Value and limit; where the limit is a plain word the value says it all."""
    value = said(criterion.value)
    if criterion.limit in PLAIN_LIMITS:
        return sentence(value)
    words = _("Then: %(value)s. Needed: %(limit)s.") if then else _("Now: %(value)s. Needed: %(limit)s.")
    return words % {"value": value, "limit": said(criterion.limit)}


def _threshold(place: str, version: ProgrammeVersion, stage: str) -> dict | None:
    """The threshold in the document whose grade and source belong to a criterion."""
    if not place:
        return None
    if place.startswith(ENGINE_PLACE):
        return version.document["engine"].get(place.removeprefix(ENGINE_PLACE))
    return version.stage_documents.get(stage, {}).get("criteria", {}).get(place)
