"""Reading YAML files: plain data, and messages that name file and line."""

import pytest

from programs.library.checks import library_messages
from programs.library.loader import CARD, PROGRAMME, SHIPPED, content_hash, read_library, shipped_library
from programs.library.parsing import LONGEST_FILE, UnreadableFile, read_yaml

SHIPPED_LIBRARY = shipped_library()


def reading(tmp_path, raw: str | bytes) -> object:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return read_yaml(path, "x.yaml")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("off", "off"),
        ("no", "no"),
        ("yes", "yes"),
        ("1:30", "1:30"),
        ("010", "010"),
        ("0x1f", "0x1f"),
        ("1e3", "1e3"),
        (".nan", ".nan"),
        ("2025-03-01", "2025-03-01"),
        ("true", True),
        ("null", None),
        ("7", 7),
        ("-7", -7),
        ("2.5", 2.5),
    ],
)
def test_a_word_stays_a_word(tmp_path, raw, value):
    found = reading(tmp_path, f"a: {raw}")["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("a: 1\na: 2\n", "x.yaml, line 2, column 1: key 'a' is given twice."),
        ("a:\n  b: 1\n  b: 2\n", "x.yaml, line 3, column 3: key 'b' is given twice."),
        ("1: a\n", "x.yaml, line 1, column 1: key 1 is not text."),
        ("a: &x 1\nb: *x\n", "x.yaml, line 2, column 4: anchors and aliases are not used here."),
        ("a: [1\n", "x.yaml, line 2, column 1: expected ',' or ']', but got '<stream end>'."),
        (b"a: \xff", "x.yaml: is not UTF-8 text (byte 3)."),
        ("[" * 5000, "x.yaml: is nested too deeply."),
        (b" " * (LONGEST_FILE + 1), "x.yaml: is 524289 bytes long; it must be at most 524288."),
    ],
)
def test_unreadable_files_say_where(tmp_path, raw, message):
    with pytest.raises(UnreadableFile) as refused:
        reading(tmp_path, raw)
    assert str(refused.value) == message


@pytest.mark.parametrize("raw", ["a: !!python/object/apply:os.getcwd []", "a: !own 1", "a: 1\n---\nb: 2"])
def test_tags_and_second_documents_are_refused(tmp_path, raw):
    with pytest.raises(UnreadableFile):
        reading(tmp_path, raw)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableFile, match=r"^gone.yaml: cannot be read \(No such file or directory\)\.$"):
        read_yaml(tmp_path / "gone.yaml", "gone.yaml")


def test_the_hash_depends_on_content_and_not_on_order():
    assert content_hash({"a": 1, "b": [1, 2]}) == content_hash({"b": [1, 2], "a": 1})
    assert content_hash({"a": [1, 2]}) != content_hash({"a": [2, 1]})
    assert content_hash({"a": 1}) != content_hash({"a": "1"})


def test_shipped_files_are_named_after_their_keys():
    for document in SHIPPED_LIBRARY.documents:
        if "/" in document.path and not document.path.startswith("questions/"):
            assert document.path.endswith(f"/{document.key}.yaml")


def write(folder, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_lone_file_with_stages_is_a_programme(tmp_path):
    shipped = SHIPPED / "programmes" / "lbp-chronic.yaml"
    write(tmp_path, "clinic.yaml", shipped.read_text().replace("key: lbp-chronic", "key: clinic-own"))
    library = read_library(tmp_path / "clinic.yaml")
    assert [(document.kind, document.key) for document in library.documents] == [(PROGRAMME, "clinic-own")]
    assert library_messages(library, beside=SHIPPED_LIBRARY) == []


def test_json_is_read_as_well(tmp_path):
    write(tmp_path, "cards/tea.json", '{"key": "tea", "title": "Tea"}')
    assert read_library(tmp_path).of_kind(CARD)["tea"].content == {"key": "tea", "title": "Tea"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("cards/tea.yaml", "- tea", "is list; it must be a mapping of fields."),
        ("cards/tea.yaml", "title: Tea", "key is None; it must be text."),
        (
            "tea/tea.yaml",
            "key: tea",
            "lies in tea; it must lie in one of programmes, exercises, cards, questionnaires.",
        ),
        ("sources.yaml", "TEA: a book", "TEA is 'a book'; it must be a mapping of fields."),
        ("questions/red_flags.yaml", "flags: none", "flags is 'none'; it must be a list of questions."),
        ("questions/red_flags.yaml", "flags: [{}]", "flags.1.code is None; it must be text."),
        ("notes.txt", "tea", "holds no file; it must hold one of .yaml, .yml, .json or more."),
    ],
)
def test_files_that_are_no_documents(tmp_path, name, text, message):
    write(tmp_path / "own", name, text)
    named = name if name.endswith(".yaml") else "own"
    assert read_library(tmp_path / "own").unreadable == (f"{named}: {message}",)


CARD_TEXT = """
key: tea
title: Tea
kind: self_care
optional: true
when: After the run.
text: [Drink it.]
evidence: {text: Custom., grade: own_choice, source: design}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: Tea\n", "", "title is missing; it must be given."),
        ("optional: true", "optional: often", "optional is 'often'; it must be true or false."),
        ("kind: self_care", "kind: drink", "kind is 'drink'; it must be one of: self_care, medication."),
        ("grade: own_choice, ", "", "evidence.grade is missing; it must be given."),
        (
            "source: design",
            "source: TEA",
            "evidence.source is 'TEA'; it must be one of the keys listed under sources.",
        ),
        ("[Drink it.]", "[]", "text is []; it must be a list of 1 or more."),
    ],
)
def test_a_faulty_card_is_named_with_field_value_and_limit(tmp_path, old, new, message):
    write(tmp_path, "cards/tea.yaml", CARD_TEXT.replace(old, new))
    assert library_messages(read_library(tmp_path), beside=SHIPPED_LIBRARY) == [f"cards/tea.yaml: {message}"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level: emergency", "level: urgent", "level is 'urgent'; it must be emergency for CE_SADDLE"),
        (
            "code: CE_SADDLE",
            "code: CLINIC_OWN",
            "code is 'CLINIC_OWN'; it must be one of: CE_SADDLE, CE_BLADDER",
        ),
    ],
)
def test_a_file_neither_adds_a_red_flag_nor_changes_its_level(tmp_path, old, new, message):
    shipped = (SHIPPED / "questions" / "red_flags.yaml").read_text()
    write(tmp_path, "questions/red_flags.yaml", shipped.replace(old, new, 1))
    code = "CLINIC_OWN" if "CLINIC" in new else "CE_SADDLE"
    found = library_messages(read_library(tmp_path), beside=SHIPPED_LIBRARY)
    assert len(found) == 1
    assert found[0].startswith(f"questions/red_flags.yaml, {code}: {message}")


def test_the_same_key_twice_is_refused(tmp_path):
    write(tmp_path, "a/cards/tea.yaml", CARD_TEXT)
    write(tmp_path, "b/cards/tea.yaml", CARD_TEXT)
    assert library_messages(read_library(tmp_path), beside=SHIPPED_LIBRARY) == [
        "b/cards/tea.yaml: key is 'tea', as in a/cards/tea.yaml; it must be used once only."
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "{key: cat_cow, level: A, up_to: B}",
            "{key: cat_cow, level: C}",
            "stage S1_walking: sessions.mobility.cat_cow.level is 'C'; it must be one of: A, B.",
        ),
        (
            "[ADVORTHO, ASTEROID,",
            "[ACL3, ADVORTHO, ASTEROID,",
            "programme: sources is 'ACL3'; it must be a key of sources.yaml.",
        ),
    ],
)
def test_a_programme_fits_the_library_around_it(tmp_path, old, new, message):
    shipped = (SHIPPED / "programmes" / "lbp-chronic.yaml").read_text()
    assert old in shipped
    write(tmp_path, "own.yaml", shipped.replace(old, new))
    found = library_messages(read_library(tmp_path / "own.yaml"), beside=SHIPPED_LIBRARY)
    assert found == [f"own.yaml, {message}"]


def test_the_example_in_the_documentation_is_sound(tmp_path):
    page = (SHIPPED.parents[1] / "docs" / "programme-format.md").read_text()
    example = page.split("## An example stage")[1].split("```yaml\n")[1].split("```")[0]
    shipped = (SHIPPED / "programmes" / "lbp-acute-default.yaml").read_text()
    head, stages = shipped.split("  - key: S3_run1_walk4\n")
    rest = stages.split("\n  - key: S4_run2_walk3\n")[1]
    indented = "".join(f"  {line}\n" for line in example.splitlines())
    write(tmp_path, "own.yaml", f"{head}{indented}\n  - key: S4_run2_walk3\n{rest}")
    assert library_messages(read_library(tmp_path / "own.yaml"), beside=SHIPPED_LIBRARY) == []
