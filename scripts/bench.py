"""`make bench`: run every measurement of scripts/bench, one after the other.

Each file there is a program of its own. It measures two things in one run, in
turns, so that a busy machine slows both; it prints the two and their ratio, and
exits non-zero where a promise that the documents make is not held.
Names as arguments choose: `python scripts/bench.py sqlite`.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "bench"


def main(names: list[str]) -> int:
    missed = []
    for program in sorted(FOLDER.glob("*.py")):
        if names and program.stem not in names:
            continue
        print(f"--- {program.stem}", flush=True)
        if subprocess.call([sys.executable, program], cwd=FOLDER.parents[1]):
            missed.append(program.stem)
    if missed:
        print(f"--- promises not held: {', '.join(missed)}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
