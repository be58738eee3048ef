"""Draw the exercise pictures: static/exercises/<key>.svg, beside them moving/<key>.svg
and, with labels in another language, <language>/<key>.svg.

Usage: python scripts/draw_exercises.py [target folder]

The pictures are computed from joint positions, so running it again gives the
same bytes and a change of posture is a change of a few numbers.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from drawings import DRAWINGS, FILMS
from drawings.labels import LANGUAGES, translated

DEFAULT_TARGET = Path(__file__).resolve().parent.parent / "static" / "exercises"


def write_all(target: Path) -> list[Path]:
    """Write every drawing into target and return the files."""
    for folder in ("moving", *LANGUAGES):
        (target / folder).mkdir(parents=True, exist_ok=True)
    pictures = {target / f"{key}.svg": draw().svg() for key, draw in DRAWINGS.items()}
    pictures |= {target / "moving" / f"{key}.svg": film.svg() for key, film in FILMS.items()}
    for language in LANGUAGES:
        for key in DRAWINGS:
            still = pictures[target / f"{key}.svg"]
            pictures[target / language / f"{key}.svg"] = translated(still, language)
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
