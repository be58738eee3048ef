"""A row of the ledger as COPY takes it."""

import datetime
import json
from functools import lru_cache

from programs.engine import ENGINE_VERSION
from programs.engine.criteria import Criterion
from programs.engine.decide import Decision as Decided
from programs.engine.values import Trigger
from programs.services.closing.dates import ISO
from programs.services.closing.reading import Row
from programs.services.ledger import criterion_to_json

#: In the order of ``line_of``.
COLUMNS = (
    "enrolment_id, date, trigger, decision, rule, refer, stage_before, stage_after, stage_change, "
    "takes_effect_on, has_rest_score, reason, criteria, inputs, inputs_hash, version_id, engine_version, "
    "time_zone, decided_at, job"
)
_BY_CLOCK = Trigger.DAY_CLOSE.value
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _text(words: str) -> str:
    if "\\" in words or "\t" in words or "\n" in words or "\r" in words:
        return words.translate(_ESCAPES)
    return words


def _criteria(criteria: tuple[Criterion, ...]) -> str:
    short = [one.packed for one in criteria]
    if None in short:
        return _text(json.dumps([criterion_to_json(one) for one in criteria]))
    return f'"{" ".join(short)}"'


@lru_cache(maxsize=64)
def _written(now: datetime.datetime, job: str) -> str:
    return f"{now.isoformat()}\t{_text(job)}"


def line_of(
    row: Row, decided: Decided, inputs: tuple[str, str], today: int, now: datetime.datetime, job: str
) -> str:
    """``inputs`` are what is stored, and its hash; ``today`` the runner's date at this instant."""
    rule, stages = decided.row, decided.snapshot.programme.stages
    stored, hashed = inputs
    change = decided.stage_after - decided.stage_before
    return (
        f"{row.pk}\t{ISO[row.day]}\t{_BY_CLOCK}\t{rule.outcome.value}\t{rule.code}\t{decided.refer.value}\t"
        f"{row.stage}\t{stages[decided.stage_after].key}\t{change}\t{ISO[max(row.day + 1, today)]}\t"
        f"{'f' if decided.facts.today.rest is None else 't'}\t{_text(decided.reason)}\t"
        f"{_criteria(decided.criteria)}\t{_text(stored)}\t{hashed}\t{row.version}\t"
        f"{ENGINE_VERSION}\t{row.zone}\t{_written(now, job)}\n"
    )
