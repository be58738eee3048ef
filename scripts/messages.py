"""Bring the catalogues of translations up to date, and say what is missing.

    python scripts/messages.py            update locale/*/LC_MESSAGES/django.{po,mo}
    python scripts/messages.py --missing  print what has no translation yet

Needs nothing but what is in requirements.txt: no gettext tools.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")

import django  # noqa: E402

django.setup()

from scripts.translations import catalogue, extraction  # noqa: E402


def main(arguments: list[str]) -> int:
    found = extraction.everything()
    complete = True
    for language in catalogue.languages():
        new = catalogue.updated(catalogue.read(language), found)
        report = catalogue.check(new, found)
        if "--missing" in arguments:
            print(*report.untranslated, sep="\n")
        else:
            catalogue.write(language, new)
        complete = complete and report.is_complete
        print(
            f"{language}: {report.total} texts, {len(report.untranslated)} without a translation, "
            f"{len(report.fuzzy)} uncertain, {len(report.places)} with other places than the English.",
            *report.places,
            sep="\n  ",
            file=sys.stderr,
        )
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
