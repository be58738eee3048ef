"""Loading the library: whole or not at all, nothing twice, old versions kept."""

import datetime
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from programs.library.loader import SHIPPED, shipped_library
from programs.models import LibraryItem, ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.services import library as service
from programs.services.drafts import begin_draft
from programs.services.library import LibraryRefused, check_library, load_library
from tests.support.people import a_clinician

NOW = datetime.datetime(2025, 3, 1, 9, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, int, int]:
    return ProgrammeTemplate.objects.count(), ProgrammeVersion.objects.count(), LibraryItem.objects.count()


@pytest.fixture
def own(tmp_path) -> Path:
    """A clinic's own folder, empty; what it lacks is looked up in the shipped library."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def change(folder: Path, name: str, old: str, new: str) -> Path:
    """Put a shipped file into the folder, with one change."""
    text = (SHIPPED / name).read_text()
    assert old in text
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace(old, new, 1))
    return path


def test_everything_that_is_shipped_is_stored():
    report = load_library(now=NOW)
    shipped = shipped_library().documents
    assert (len(report.new), report.unchanged) == (len(shipped), 0)
    assert counts() == (6, 6, len(shipped) - 6)
    version = ProgrammeVersion.objects.get(template__key="lbp-acute-default")
    assert (version.number, version.status, version.published_at) == (1, VersionStatus.PUBLISHED, NOW)
    assert (version.published_by, version.published_job) == (None, "load_library")
    assert version.stage_title("S1_walking") == "Gentle walking"


def test_loading_twice_changes_nothing():
    load_library(now=NOW)
    before = counts(), list(ProgrammeVersion.objects.values()), list(LibraryItem.objects.values())
    report = load_library(now=LATER)
    assert (report.new, report.unchanged) == ((), len(shipped_library().documents))
    assert (counts(), list(ProgrammeVersion.objects.values()), list(LibraryItem.objects.values())) == before


def test_a_changed_programme_is_a_new_version_and_the_old_one_stays(own):
    load_library(now=NOW)
    old = ProgrammeVersion.objects.get(template__key="couch-to-5k")
    change(own, "programmes/couch-to-5k.yaml", '"Couch to 5K: nine weeks"', "Couch to 5K")
    report = load_library(now=LATER, paths=(own,))
    assert [(stored.kind, stored.key, stored.number) for stored in report.new] == [
        ("programme", "couch-to-5k", 2)
    ]
    assert ProgrammeTemplate.objects.get(key="couch-to-5k").title == "Couch to 5K"
    old.refresh_from_db()
    assert (old.status, old.document["title"]) == (VersionStatus.PUBLISHED, "Couch to 5K: nine weeks")


def test_a_changed_exercise_is_a_new_number(own):
    load_library(now=NOW)
    change(own, "exercises/bridge.yaml", "Lower slowly.", "Lower very slowly.")
    load_library(now=LATER, paths=(own,))
    assert list(LibraryItem.objects.filter(key="bridge").values_list("number", flat=True)) == [2, 1]
    assert LibraryItem.objects.current().get(key="bridge").document["steps"][-1] == "Lower very slowly."


def test_layout_and_comments_are_no_change(own):
    load_library(now=NOW)
    change(own, "exercises/bridge.yaml", "key: bridge\n", "# another comment\nkey:   bridge\n\n")
    assert load_library(now=LATER, paths=(own,)).new == ()


def test_an_edition_that_the_clinic_published_is_not_overwritten_at_the_next_start():
    load_library(now=NOW)
    template = ProgrammeTemplate.objects.get(key="lbp-chronic")
    shipped = template.versions.get()
    template.versions.create(
        number=2,
        status=VersionStatus.PUBLISHED,
        document=shipped.document | {"summary": "Our own summary."},
        content_hash="0" * 64,
        created_at=NOW,
        published_at=NOW,
        published_job="builder",
    )
    assert load_library(now=LATER).new == ()


def test_a_faulty_document_refuses_all_of_it(own):
    change(own, "exercises/bridge.yaml", "Lower slowly.", "Lower very slowly.")
    change(own, "programmes/lbp-chronic.yaml", "strikes: {value: 3,", "strikes: {value: 4,")
    change(own, "programmes/ouh-2024.yaml", "min_logged: {value: 5,", "min_logged: {value: 2,")
    with pytest.raises(LibraryRefused) as refused:
        load_library(now=NOW, paths=(own,))
    assert refused.value.faults == (
        "programmes/lbp-chronic.yaml, programme: engine.strikes.value is 4; "
        "it must be a whole number from 1 to 3.",
        "programmes/ouh-2024.yaml, stage W1_run1_walk1: criteria.min_logged.value is 2; "
        "it must be a whole number from 3 to 7.",
    )
    assert counts() == (0, 0, 0)


def test_two_processes_that_load_at_the_same_moment(monkeypatch):
    """The one that comes second is refused by the unique key, and then finds all of it stored."""
    load_library(now=NOW)
    real, calls = service._store, []

    def beaten(*args):
        calls.append(args)
        if len(calls) == 1:
            raise IntegrityError("one_library_item_per_number")
        return real(*args)

    monkeypatch.setattr(service, "_store", beaten)
    assert load_library(now=LATER).new == ()


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("load_library", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_says_what_is_new():
    first, second = run(), run()
    assert "new: programme lbp-acute-default, version 1" in first
    assert second == f"Library: 0 new, {len(shipped_library().documents)} unchanged.\n"


def test_the_command_names_every_new_item_when_asked():
    assert "new: exercise bridge, version 1" in run("--verbosity=2")


def test_the_command_checks_without_storing(own):
    path = change(own, "cards/ice.yaml", "if you like it", "if you like")
    assert run("--check", path) == "Sound: 1 document. Nothing was stored.\n"
    assert counts() == (0, 0, 0)


def test_the_command_refuses_with_one_message_per_fault_and_status_2(own):
    change(own, "programmes/lbp-chronic.yaml", "strikes: {value: 3,", "strikes: {value: 4,")
    change(own, "cards/ice.yaml", "minutes: {min: 10", "minutes: {min: 0")
    err = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("load_library", str(own), stderr=err)
    assert refused.value.returncode == 2
    assert err.getvalue().splitlines() == [
        "cards/ice.yaml: minutes.min is 0; it must be a whole number from 1 to 100.",
        "programmes/lbp-chronic.yaml, programme: engine.strikes.value is 4; "
        "it must be a whole number from 1 to 3.",
    ]
    assert str(refused.value) == "Nothing was stored: 2 faults."


def test_what_a_clinic_wrote_on_this_site_is_not_written_over_from_a_file(own):
    load_library(now=NOW)
    petra = a_clinician()
    document = {**ProgrammeVersion.objects.get(template__key="lbp-acute-default").document, "title": "Ours"}
    draft = begin_draft(by=petra, now=NOW, document=document)
    path = change(
        own, "programmes/lbp-acute-default.yaml", "key: lbp-acute-default", f"key: {draft.template.key}"
    )
    before = counts()
    for refused in (lambda: load_library(now=LATER, paths=(path,)), lambda: check_library(paths=(path,))):
        with pytest.raises(LibraryRefused, match="that a clinic wrote on this site"):
            refused()
    assert counts() == before
    draft.template.refresh_from_db()
    assert draft.template.title == "Ours"
