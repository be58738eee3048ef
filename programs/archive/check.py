"""Whether a document is an archive of this edition: every fault with its path, before anything is written."""

from collections.abc import Iterator

from programs.archive import FORMAT, VERSION
from programs.archive.columns import Column, Kind, Table
from programs.archive.tables import BY_NAME, SINGLE, TABLES
from programs.archive.values import from_json

#: Enough to see what is wrong; a file that is something else has thousands.
MOST_FAULTS = 20
LONGEST_TEXT = 20_000
#: A programme's document has nine levels.
DEEPEST = 40
#: Nothing here happened before, or will happen after.
YEARS = range(1900, 2201)
TYPES = {
    Kind.ID: str,
    Kind.TEXT: str,
    Kind.DATE: str,
    Kind.TIME: str,
    Kind.INSTANT: str,
    Kind.NUMBER: int,
    Kind.WHOLE: int,
    Kind.PERSON: int,
    Kind.FLAG: bool,
}
SHAPES = {"object": dict, "array": list}


def faults_of(document) -> list[str]:
    """At most twenty faults, each beginning with its path; none where the document is sound."""
    faults = []
    for fault in _faults(document):
        faults.append(fault)
        if len(faults) == MOST_FAULTS:
            faults.append("… and perhaps more.")
            break
    return faults


def _faults(document) -> Iterator[str]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        yield "format: this is not an archive of a person."
        return
    if document.get("version") != VERSION:
        yield f"version: this edition of the site reads version {VERSION} of the format."
        return
    yield from _names("", document, {"format", "version", *BY_NAME})
    shapes = [fault for table in TABLES for fault in _table_shape(document.get(table.name, []), table)]
    yield from shapes
    if not shapes:
        yield from _references(document)


def _names(place: str, found: dict, wanted: set[str]) -> Iterator[str]:
    yield from (f"{place}{name}: is missing." for name in sorted(wanted - found.keys()))
    yield from (f"{place}{name[:60]}: is not known." for name in sorted(found.keys() - wanted))


def rows_of(document: dict, table: Table) -> list[dict]:
    """The rows of a table; the single one of the person as a list."""
    rows = document[table.name]
    return [rows] if table.name == SINGLE else rows


def place_of(table: Table, index: int, column: Column | None = None) -> str:
    """Where a value stands, as faults name it."""
    row = table.name if table.name == SINGLE else f"{table.name}[{index}]"
    return f"{row}.{column.name}" if column else row


def _table_shape(rows, table: Table) -> Iterator[str]:
    if not isinstance(rows, dict if table.name == SINGLE else list):
        yield f"{table.name}: must be {'an object' if table.name == SINGLE else 'a list'}."
        return
    for index, row in enumerate([rows] if table.name == SINGLE else rows):
        if not isinstance(row, dict):
            yield f"{place_of(table, index)}: must be an object."
            continue
        yield from _names(f"{place_of(table, index)}.", row, {column.name for column in table.columns})
        for column in table.columns:
            if column.name in row:
                why = _why_wrong(row[column.name], column)
                if why:
                    yield f"{place_of(table, index, column)}: {why}"
        if table.key and table.key.kind is Kind.NUMBER and row.get("number") != index + 1:
            yield f"{place_of(table, index, table.key)}: rows are numbered 1, 2, 3 …"


def _why_wrong(raw, column: Column) -> str:
    if raw is None:
        return "" if column.may_be_null else "must not be null."
    if column.kind is Kind.PLAIN:
        return _why_no_text(raw) if type(raw) is SHAPES[column.shape] else f"must be an {column.shape}."
    kind = _kind_of(column)
    if type(raw) is not TYPES[kind]:
        return f"must be {_a(kind)}."
    if isinstance(raw, str) and (why := _why_no_text(raw)):
        return why
    if column.words and raw not in column.words:
        return f"must be one of {', '.join(column.words)}."
    try:
        value = from_json(kind, raw)
    except (ValueError, OverflowError) as error:
        return f"is not {_a(kind)}: {error}."
    if kind in (Kind.DATE, Kind.INSTANT) and value.year not in YEARS:
        return f"must lie in the years {YEARS[0]} to {YEARS[-1]}."
    return ""


def _kind_of(column: Column) -> Kind:
    """The kind of what is written: that of the row that a reference names."""
    return BY_NAME[column.to].key.kind if column.kind is Kind.REFERENCE else column.kind


def _a(kind: Kind) -> str:
    return f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


def _why_no_text(raw, depth: int = 0) -> str:
    """Texts that a database cannot keep, at any depth."""
    if depth > DEEPEST:
        return "is nested too deeply."
    if isinstance(raw, dict | list):
        parts = [part for pair in raw.items() for part in pair] if isinstance(raw, dict) else raw
        return next(filter(None, (_why_no_text(part, depth + 1) for part in parts)), "")
    if not isinstance(raw, str):
        return ""
    if len(raw) > LONGEST_TEXT:
        return f"is longer than {LONGEST_TEXT} characters."
    if "\0" in raw or any("\ud800" <= character <= "\udfff" for character in raw):
        return "holds a character that is none."
    return ""


def _references(document: dict) -> Iterator[str]:
    keys = {
        table.name: [row[table.key.name] for row in rows_of(document, table)] for table in TABLES if table.key
    }
    for name, values in keys.items():
        if len(set(values)) != len(values):
            yield f"{name}: two rows have the same {BY_NAME[name].key.name}."
    known = {name: set(values) for name, values in keys.items()}
    people = {0, *known["people"]}
    for table in TABLES:
        for index, row in enumerate(rows_of(document, table)):
            for column in table.columns:
                raw = row[column.name]
                if column.kind is Kind.REFERENCE and raw is not None and raw not in known[column.to]:
                    yield f"{place_of(table, index, column)}: no row of {column.to} is {raw}."
                if column.kind is Kind.PERSON and raw is not None and raw not in people:
                    yield f"{place_of(table, index, column)}: nobody has the number {raw}."
