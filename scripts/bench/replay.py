"""How long a diary of ten years takes to decide and print, as JSON and as a table.

    .venv/bin/python scripts/bench/replay.py [ROUNDS]

Each round runs three processes one after the other, so that a busy machine
slows all of them: the help text (what starting alone costs), JSON and the
table. ``docs/replay.md`` promises less than two seconds.
"""

import datetime
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DAYS = 3650
LIMIT_SECONDS = 2.0
HEADER = "date,morning,rest,session,during,after,event\n"


def diary(days: int) -> str:
    """A runner who goes up and down: runs on every second day, a physiotherapist every two months."""
    draw = random.Random(1)
    begin = datetime.date(2014, 1, 1)
    lines = []
    for number in range(days):
        if draw.random() < 0.05:
            continue
        run = number % 2 == 0 and draw.random() < 0.8
        session = f"done,{draw.choice((0, 1, 1, 2, 2, 2, 3, 6))},{draw.choice((0, 1, 2))}" if run else ",,"
        act = "physio_clear" if number % 60 == 0 else ""
        day = begin + datetime.timedelta(days=number)
        lines.append(f"{day},{draw.choice((0, 1, 1, 2))},{draw.choice((0, 1, 2))},{session},{act}\n")
    return HEADER + "".join(lines)


def seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "manage.py", "replay", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - start


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ten-years.csv"
        path.write_text(diary(DAYS))
        measured = {"start": [], "json": [], "table": []}
        for _ in range(rounds):
            measured["start"].append(seconds("--help"))
            for form in ("json", "table"):
                measured[form].append(seconds(str(path), "--format", form))
    for name, times in measured.items():
        print(f"{name:6} median {statistics.median(times):.2f} s, worst {max(times):.2f} s")
    middle = {name: statistics.median(times) for name, times in measured.items()}
    print(f"table : json = {middle['table'] / middle['json']:.2f}")
    print(f"json : start = {middle['json'] / middle['start']:.2f}")
    within = max(middle["json"], middle["table"]) < LIMIT_SECONDS
    print(f"{DAYS} days in under {LIMIT_SECONDS:g} s: {'yes' if within else 'NO'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
