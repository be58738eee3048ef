"""One worker process of the day-close measurement: does what a line on its input says, answers with JSON.

``close``, ``stream``, ``naive`` and ``compare`` take the first and the last runner, ``fill`` how many;
``claim``, ``tick`` and ``peak`` nothing.
"""

import contextlib
import datetime
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts" / "bench")]

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from programs.models import Decision, DiaryEntry, Enrolment  # noqa: E402
from programs.services import days  # noqa: E402
from scripts.prepared import prepare_tables  # noqa: E402
from support.filling import ALL_DUE, TODAY, fill  # noqa: E402
from support.naive import close_naively  # noqa: E402

BATCH = 2000
#: The columns of a day that a rule reads.
SAID = (
    *("enrolment_id", "date", "morning", "rest", "session", "during", "after", "warmup", "limp", "leg"),
    "stage_shown",
)
_COLUMNS = (
    *("date", "decision", "rule", "refer", "stage_before", "stage_after", "reason", "criteria", "inputs"),
    *("inputs_hash", "takes_effect_on", "has_rest_score", "time_zone"),
)
_STATE = (
    "stage",
    "stage_entered_on",
    "baseline_morning",
    "refer",
    "step_backs",
    "cooldown_until",
    "closes_at",
)


def close(first: int, last: int) -> dict:
    """As the task does it: the range in batches."""
    done = 0
    for start in range(first, last + 1, BATCH):
        end = min(start + BATCH - 1, last)
        report = days.close_due(now=ALL_DUE, job="bench", first=start, last=end, batch_size=BATCH)
        done += len(report.decisions)
    return {"done": done}


def stream(first: int, last: int) -> dict:
    """The limit: every row of the fortnight through a cursor of the server, deciding nothing."""
    since = TODAY - datetime.timedelta(days=13)
    names = ", ".join(SAID)
    query = (
        f"SELECT {names} FROM programs_diaryentry WHERE enrolment_id BETWEEN %s AND %s "  # noqa: S608
        "AND date BETWEEN %s AND %s"
    )
    rows = 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query, [first, last, since, TODAY])
        while part := cursor.fetchmany(5000):
            rows += len(part)
    return {"done": last - first + 1, "rows": rows}


def naive(first: int, last: int) -> dict:
    for pk in range(first, last + 1):
        close_naively(pk, ALL_DUE)
    return {"done": last - first + 1}


class _TakenBack(Exception):
    pass


def _left_by(work: Callable[[], object], ids: list[int]) -> tuple[list, list]:
    try:
        with transaction.atomic():
            work()
            decisions = Decision.objects.filter(enrolment__in=ids).order_by("enrolment", "date")
            states = Enrolment.objects.filter(pk__in=ids).order_by("pk")
            left = list(decisions.values_list(*_COLUMNS)), list(states.values_list("pk", *_STATE))
            raise _TakenBack
    except _TakenBack:
        return left


def compare(first: int, last: int) -> dict:
    """The batch against each enrolment decided alone, column by column; both are taken back."""
    ids = list(range(first, last + 1))
    in_batch = _left_by(lambda: close(first, last), ids)
    alone = _left_by(lambda: [days._close_alone(pk, ALL_DUE, "bench") for pk in ids], ids)  # noqa: SLF001
    different = sum(one != other for one, other in zip(in_batch[0], alone[0], strict=True))
    different += sum(one != other for one, other in zip(in_batch[1], alone[1], strict=True))
    return {"done": len(in_batch[0]), "different": different}


def claim() -> dict:
    ranges = days.claim_due(now=ALL_DUE, batch_size=BATCH)
    return {"done": Enrolment.objects.filter(claimed_until__isnull=False).count(), "ranges": len(ranges)}


def tick() -> dict:
    """Finding that nothing is due, the middle of many times, once autovacuum has been there."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) programs_enrolment")
    taken = []
    for _ in range(25):
        start = time.perf_counter()
        ranges = days.claim_due(now=ALL_DUE, batch_size=BATCH)
        taken.append(time.perf_counter() - start)
    return {"done": len(ranges), "middle": sorted(taken)[len(taken) // 2]}


@contextlib.contextmanager
def unlimited() -> Iterator[None]:
    """Indexes of 28 million days take longer than any statement of the product may."""
    limits = ("statement_timeout", "idle_in_transaction_session_timeout")
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        for limit in limits:
            cursor.execute(f"SET {limit} = 0")
        yield
        for limit in limits:
            cursor.execute(f"RESET {limit}")


def filled(runners: int) -> dict:
    prepare_tables()
    with unlimited():
        fill(runners)
        return {"done": DiaryEntry.objects.count()}


def processor_seconds() -> float:
    """Of this process and of its process of the server, where that can be read: waiting is not among it."""
    connection.ensure_connection()
    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    times = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return own + (int(times.read_text().split()[0]) / 1e9 if times.exists() else 0)


def peak() -> dict:
    return {"done": 0, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


WORK = {
    **{"close": close, "stream": stream, "naive": naive, "compare": compare, "claim": claim, "tick": tick},
    **{"fill": filled, "peak": peak},
}


def main() -> None:
    for line in sys.stdin:
        name, *numbers = line.split()
        start, worked = time.perf_counter(), processor_seconds()
        answer = WORK[name](*map(int, numbers))
        spent = {"seconds": time.perf_counter() - start, "cpu": processor_seconds() - worked}
        print(json.dumps({**spent, **answer}), flush=True)


if __name__ == "__main__":
    main()
