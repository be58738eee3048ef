"""Recomputing the ledger: every stored decision from its stored inputs."""

from collections.abc import Iterator
from dataclasses import dataclass

from programs.engine import REPRODUCES
from programs.engine.decide import decide
from programs.engine.programme import Programme
from programs.engine.records import digest, snapshot_from_json
from programs.engine.values import BY_A_PERSON
from programs.models import Decision
from programs.services.ledger import criteria_to_json
from programs.snapshots import programmes_of

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Difference:
    decision_id: int
    what: str

    def __str__(self) -> str:
        return f"decision {self.decision_id}: {self.what}"


@dataclass
class LedgerReport:
    checked: int = 0
    other_engine: int = 0


def verify_ledger(report: LedgerReport, rows=None) -> Iterator[Difference]:
    """Yield every difference between the ledger and what its inputs give.

    Rows of another engine version are counted and not recomputed: only the
    engine that wrote a decision reproduces it to the letter.
    """
    rows = Decision.objects.all() if rows is None else rows
    programmes: dict[int, Programme] = {}
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        if row.engine_version not in REPRODUCES:
            report.other_engine += 1
            continue
        report.checked += 1
        if row.version_id not in programmes:
            programmes |= programmes_of([row.version_id])
        yield from (Difference(row.pk, what) for what in _differences(row, programmes[row.version_id]))


def _differences(row: Decision, programme: Programme) -> Iterator[str]:
    if digest(row.inputs) != row.inputs_hash:
        yield "the stored inputs do not match their hash"
        return
    decided = decide(snapshot_from_json(row.inputs, programme))
    if row.trigger in BY_A_PERSON:
        shadow = {"rule": decided.rule, "decision": decided.outcome.value}
        if row.inputs["shadow"] != shadow:
            yield f"the engine's own view was {row.inputs['shadow']}, and is {shadow}"
        return
    expected = {
        "decision": decided.outcome.value,
        "rule": decided.rule,
        "refer": decided.refer.value,
        "stage_before": decided.stage_before_key,
        "stage_after": decided.stage_after_key,
        "reason": decided.reason,
        "criteria": criteria_to_json(decided),
    }
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield f"{name} is {getattr(row, name)!r}, recomputed {value!r}"
