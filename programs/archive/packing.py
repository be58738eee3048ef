"""Writing an archive: the same document gives the same bytes, on every machine and on every day.

Nothing is compressed: what a compressor makes of a text differs between its
versions. Every file has the same invented date.
"""

import io
import json
import zipfile

from programs.archive.cells import BYTE_ORDER_MARK, sheet
from programs.archive.check import rows_of
from programs.archive.columns import Table
from programs.archive.readme import readme
from programs.archive.schema import schema
from programs.archive.tables import TABLES

DATA, SCHEMA, README = "data.json", "schema.json", "README.txt"
SHEETS, ATTACHMENTS = "tables/", "attachments/"
#: The first that a ZIP can name.
NO_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_FILE, _FOLDER = 0o100600 << 16, (0o40700 << 16) | 0x10


def packed(document: dict) -> bytes:
    """The whole archive as bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, README, readme(document))
        _add(archive, DATA, as_text(document))
        _add(archive, SCHEMA, as_text(schema()))
        for table in TABLES:
            _add(archive, f"{SHEETS}{table.name}.csv", BYTE_ORDER_MARK + _sheet(document, table))
        _add(archive, ATTACHMENTS, "", _FOLDER)
    return out.getvalue()


def as_text(document: dict) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _add(archive: zipfile.ZipFile, name: str, content: str, attributes: int = _FILE) -> None:
    member = zipfile.ZipInfo(name, NO_DATE)
    member.create_system, member.external_attr = _UNIX, attributes
    archive.writestr(member, content.encode())


def _sheet(document: dict, table: Table) -> str:
    columns = [column.name for column in table.columns if column.in_csv]
    return sheet(columns, ([row[name] for name in columns] for row in rows_of(document, table)))
