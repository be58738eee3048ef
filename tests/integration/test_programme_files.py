"""A programme as a file: out and in again, and everything that is no programme."""

import copy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.services.clinics import create_clinic, join_clinic
from programs.builder.yaml_out import in_order
from programs.library.loader import PROGRAMME, content_hash
from programs.library.parsing import parse_yaml
from programs.library.writing import to_yaml
from programs.models import ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.services.drafts import begin_draft
from programs.services.errors import NotLetIn, Refused
from programs.services.programme_files import LARGEST_FILE, open_programme
from tests.builders import a_published_version, shipped, the_library
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
KEYS = sorted(shipped().of_kind(PROGRAMME))


def a_physio(name: str = "Petra"):
    return a_clinician(f"{name}@example.org".lower(), name)


def a_document(key: str = "lbp-acute-default") -> dict:
    return copy.deepcopy(shipped().content(PROGRAMME, key))


def opened(by, text: str | bytes) -> ProgrammeVersion:
    raw = text if isinstance(text, bytes) else text.encode()
    return open_programme(by=by, now=NOW, raw=raw, shown="ours.yaml")


def refusal(text: str | bytes) -> str:
    with pytest.raises(Refused) as refused:
        opened(a_physio(), text)
    assert not ProgrammeTemplate.objects.exists()
    return refused.value.message


# --- out and in ----------------------------------------------------------------------------
@pytest.mark.parametrize("key", KEYS)
def test_what_goes_out_comes_in_the_same(key):
    the_library()
    version = a_published_version(key)
    petra = a_physio()
    client = signed_in(petra)
    answer = client.get(reverse("programme_export", args=[key, version.number]))
    assert answer["Content-Disposition"] == f'attachment; filename="{key}-v1.yaml"'
    sent = {"file": SimpleUploadedFile(f"{key}.yaml", answer.content)}
    page = client.post(reverse("programme_import"), sent, follow=True)
    assert "as a draft of its own" in page.content.decode()
    draft = ProgrammeVersion.objects.get(status=VersionStatus.DRAFT)
    # A draft has a key of its own, and nothing else is another.
    assert {**draft.document, "key": key} == version.document
    assert content_hash({**draft.document, "key": key}) == version.content_hash
    assert (draft.template.created_by, version.template.created_by) == (petra, None)


@pytest.mark.parametrize("key", KEYS)
def test_the_order_of_fields_is_that_of_the_format(key):
    """A database gives fields back in any order."""
    document = a_document(key)
    mixed = {name: document[name] for name in sorted(document)}
    text = to_yaml(in_order(mixed))
    assert text.startswith(f"key: {key}\ntitle: ")
    assert parse_yaml(text.encode(), "x") == document
    assert "&" not in text.replace(" & ", "")


@pytest.mark.parametrize(
    "words",
    ["1:30", "off", "no", "null", "~", "1.5", "-0", "0x1f", "2020-01-01", "true", "!x", "&a", "*a"]
    + ["a: b", "# c", "- x", "a\nb\n", " lead", "é “q”", "1e3", ".5", "a\u2028b", "a\x85b", "=", "<<", "{a"],
)
def test_words_stay_words(words):
    document = {"title": words, "notes": [words, words]}
    assert parse_yaml(to_yaml(document).encode(), "x") == document


def test_a_draft_of_hers_goes_out_and_nobody_elses():
    petra = a_physio()
    draft = begin_draft(by=petra, now=NOW, document=a_document())
    address = reverse("programme_export", args=[draft.template.key, 1])
    assert signed_in(petra).get(address).status_code == 200
    assert signed_in(a_physio("Paul")).get(address).status_code == 404
    assert signed_in(a_runner()).get(address).status_code == 403


# --- a file of another clinic -------------------------------------------------------------------
def test_what_it_names_that_is_not_here_is_said_in_the_draft():
    the_library()
    document = a_document()
    document["stages"][1]["sessions"][0]["exercises"][0]["key"] = "own_of_somebody_else"
    document["stages"][1]["criteria"]["min_days"]["value"] = 1
    petra = a_physio()
    draft = opened(petra, to_yaml(document))
    html = signed_in(petra).get(reverse("draft", args=[draft.template.key])).content.decode()
    assert "2 things are not right" in html
    assert (
        'name="note"'
        not in signed_in(petra).get(reverse("draft_publish", args=[draft.template.key])).content.decode()
    )


def test_a_file_overwrites_nothing():
    version = a_published_version()
    petra = a_physio()
    first = opened(petra, to_yaml(version.document))
    second = opened(petra, to_yaml(version.document))
    assert len({version.template.key, first.template.key, second.template.key}) == 3
    assert a_published_version().template.versions.count() == 1


def test_it_is_her_clinics():
    petra = a_physio()
    clinic = create_clinic(name="Riverside", by=a_manager(), now=NOW)
    join_clinic(clinic=clinic, clinician=petra, now=NOW)
    assert opened(petra, to_yaml(a_document())).template.clinic == clinic


def test_nobody_but_physiotherapists_opens_files():
    with pytest.raises(NotLetIn):
        opened(a_runner(), to_yaml(a_document()))


def test_json_is_read_as_well():
    draft = opened(a_physio(), '{"title": "Ours", "stages": []}')
    assert draft.document["title"] == "Ours"


# --- what is refused whole ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: a\ntitle: b\nstages: []\n", "line 2"),
        ("a: &x [1]\nb: *x\nstages: []\n", "line 2"),
        ("a: [b\nc: d", "line 2"),
        ("a: !!python/object/apply:os.system [ls]\nstages: []", "line 1"),
        ("--- {stages: []}\n--- {stages: []}\n", "line 2"),
        ("[1, 2]", "the whole document"),
        ("", "the whole document"),
        ("just words", "the whole document"),
        ("title: no stages\n", "no programme"),
        ("title: a\nstages: no list\n", "Line 2, stages"),
        ("title: a\nstages:\n  - key: S1\n  - 7\n", "Line 4, stages.2"),
        (b"title: \xff\nstages: []", "UTF-8"),
        ('title: "a\\0b"\nstages: []', "cannot be stored"),
        ('title: "\\uD800"\nstages: []', "cannot be"),
        ("n: " + "9" * 400 + ".0\nstages: []", "cannot be stored"),
        ("stages: []\na: " + "[" * 60 + "]" * 60, "nested too deeply"),
        ("a: " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ("a: " + "x" * LARGEST_FILE, "too long"),
    ],
    ids=range(18),
)
def test_a_file_that_is_no_programme_is_refused_whole(text, words):
    assert words in refusal(text)


@pytest.mark.parametrize(
    "value",
    ['!!int "abc"', '!!int ""', '!!int "1:30"', '!!float "abc"', '!!bool "maybe"', "!!pairs [a: 1]"]
    + ['!!timestamp "abc"', '!!timestamp "2026-99-99"', '!!map "x"', "! 1", f'!!int "{"9" * 6000}"'],
)
def test_a_tag_is_refused_with_its_line_whatever_stands_behind_it(value):
    assert "line 2" in refusal(f"stages: []\nn: {value}\n")


def test_a_bomb_of_aliases_is_not_opened():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert "line 2" in refusal("\n".join([*lines, "stages: []"]))


def test_a_refused_file_comes_back_with_its_reason(client: Client):
    petra = a_physio()
    client = signed_in(petra)
    address = reverse("programme_import")
    html = client.post(address, {"text": "title: a\ntitle: b"}).content.decode()
    assert "line 2" in html
    assert "title: a" in html
    assert "Choose a file, or paste its text." in client.post(address, {}).content.decode()
    both = {"text": "a: b", "file": SimpleUploadedFile("a.yaml", b"a: b")}
    assert "not both" in client.post(address, both).content.decode()
    large = {"file": SimpleUploadedFile("a.yaml", b"x" * (LARGEST_FILE + 1))}
    assert "too long" in client.post(address, large).content.decode()
    assert not ProgrammeTemplate.objects.exists()


def test_pasted_text_with_the_line_ends_of_a_browser():
    text = to_yaml(a_document()).replace("\n", "\r\n")
    petra = a_physio()
    answer = signed_in(petra).post(reverse("programme_import"), {"text": text})
    assert answer.status_code == 302
    draft = ProgrammeVersion.objects.get()
    assert {**draft.document, "key": "lbp-acute-default"} == a_document()


def test_the_name_of_a_file_is_only_a_name():
    petra = a_physio()
    sent = {"file": SimpleUploadedFile("<b>x</b>.yaml", b"title: a\ntitle: b")}
    html = signed_in(petra).post(reverse("programme_import"), sent).content.decode()
    assert "<b>x</b>" not in html


@pytest.mark.parametrize("came_as", ["file", "text"])
def test_a_refusal_stands_at_what_was_filled_in(came_as):
    wrong = "key: [x"
    sent = SimpleUploadedFile("ours.yaml", wrong.encode()) if came_as == "file" else wrong
    answer = signed_in(a_physio()).post(reverse("programme_import"), {came_as: sent})
    assert list(answer.context["form"].errors) == [came_as]
