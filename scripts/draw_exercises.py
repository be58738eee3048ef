"""Draw the exercise pictures: static/exercises/<key>.svg, and moving/<key>.svg beside them.

Usage: python scripts/draw_exercises.py [target folder]

The pictures are computed from joint positions, so running it again gives the
same bytes and a change of posture is a change of a few numbers.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from drawings import DRAWINGS, FILMS

DEFAULT_TARGET = Path(__file__).resolve().parent.parent / "static" / "exercises"


def write_all(target: Path) -> list[Path]:
    """Write every drawing into target and return the files."""
    (target / "moving").mkdir(parents=True, exist_ok=True)
    pictures = {target / f"{key}.svg": draw().svg() for key, draw in DRAWINGS.items()}
    pictures |= {target / "moving" / f"{key}.svg": film.svg() for key, film in FILMS.items()}
    for file, text in pictures.items():
        file.write_text(text, encoding="utf-8", newline="\n")
    return list(pictures)


def main(arguments: list[str]) -> int:
    """Run from the command line."""
    target = Path(arguments[0]) if arguments else DEFAULT_TARGET
    print(f"{len(write_all(target))} drawings written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
