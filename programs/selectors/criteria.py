"""Criteria for leaving a stage, with numbers and, where wanted, grade and source in words."""

from dataclasses import dataclass

from programs.engine.criteria import Criterion
from programs.models import ProgrammeVersion
from programs.selectors.evidence import Source, evidence_of

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
    criteria: tuple[Criterion, ...],
    version: ProgrammeVersion,
    stage: str,
    sources: dict[str, Source] | None = None,
) -> tuple[CriterionRow, ...]:
    """Rows of every criterion; with sources they say where each limit comes from."""
    rows = []
    for criterion in criteria:
        threshold = _threshold(criterion.place, version, stage)
        source = evidence_of(threshold, sources).words if sources and threshold else ""
        rows.append(CriterionRow(criterion.status.value, criterion.text, _numbers(criterion), source))
    return tuple(rows)


def _numbers(criterion: Criterion) -> str:
    """Present value and limit; where the limit is a plain word the value says it all."""
    if criterion.limit in PLAIN_LIMITS:
        return f"{criterion.value[0].upper()}{criterion.value[1:]}."
    return f"Now: {criterion.value}. Needed: {criterion.limit}."


def _threshold(place: str, version: ProgrammeVersion, stage: str) -> dict | None:
    """The threshold in the document whose grade and source belong to a criterion."""
    if not place:
        return None
    if place.startswith(ENGINE_PLACE):
        return version.document["engine"].get(place.removeprefix(ENGINE_PLACE))
    return version.stage_documents[stage].get("criteria", {}).get(place)
