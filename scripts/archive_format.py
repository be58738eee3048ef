"""Write what of the archive's documentation follows from its tables.

    python scripts/archive_format.py

The schema into docs/archive.schema.json, and the table of every column into
docs/archive-format.md, below the line that says so. A test asks for both to be
current.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from programs.archive.columns import Column, Table  # noqa: E402
from programs.archive.packing import as_text  # noqa: E402
from programs.archive.schema import schema  # noqa: E402
from programs.archive.tables import TABLES  # noqa: E402

SCHEMA = ROOT / "docs" / "archive.schema.json"
DOCUMENT = ROOT / "docs" / "archive-format.md"
FROM_HERE = "<!-- From here on written by scripts/archive_format.py. -->\n"


def columns_in_words() -> str:
    return "".join(_table(table) for table in TABLES)


def _table(table: Table) -> str:
    rows = "".join(_row(column) for column in table.columns)
    return (
        f"\n### `{table.name}`\n\n{table.about}\n\n| column | kind | meaning |\n| --- | --- | --- |\n{rows}"
    )


def _row(column: Column) -> str:
    kind = f"row of `{column.to}`" if column.to else column.shape or column.kind
    if column.may_be_null:
        kind += ", or null"
    about = f"{column.about} {', '.join(f'`{word}`' for word in column.words)}".strip()
    return f"| `{column.name}` | {kind} | {about} |\n"


def main() -> None:
    SCHEMA.write_text(as_text(schema()))
    by_hand = DOCUMENT.read_text().partition(FROM_HERE)[0]
    DOCUMENT.write_text(f"{by_hand}{FROM_HERE}{columns_in_words()}")


if __name__ == "__main__":
    main()
