"""Drafts of a clinic's own programmes: begun, saved, thrown away, and by whom."""

import copy
import datetime

import pytest
from django.utils import timezone

from accounts.services.clinics import create_clinic, join_clinic
from programs.library.loader import PROGRAMME, content_hash
from programs.models import ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.services.drafts import DraftChanged, begin_draft, discard_draft, save_draft
from programs.services.errors import NotLetIn, Refused
from tests.builders import DEFAULT, a_published_version, shipped
from tests.support.people import a_clinician, a_manager, a_runner

NOW = timezone.make_aware(datetime.datetime(2026, 11, 20, 9, 0))


def a_document(**changes) -> dict:
    return {**copy.deepcopy(shipped().content(PROGRAMME, DEFAULT)), **changes}


def a_clinic_with(*clinicians, name: str = "North"):
    clinic = create_clinic(name=name, by=a_manager(email=f"{name}@example.org"), now=NOW)
    for clinician in clinicians:
        join_clinic(clinic=clinic, clinician=clinician, now=NOW)
    return clinic


@pytest.mark.django_db
def test_a_draft_without_a_clinic_is_the_physiotherapists_own():
    peter, other = a_clinician(), a_clinician(email="other@example.org")
    draft = begin_draft(by=peter, now=NOW, document=a_document(title="Back to the hills"))
    assert (draft.number, draft.status, draft.created_by) == (1, VersionStatus.DRAFT, peter)
    assert draft.document["key"] == draft.template.key == "own-back-to-the-hills"
    assert draft.content_hash == content_hash(draft.document)
    assert draft.template.clinic is None
    assert list(ProgrammeTemplate.objects.owned_by(peter)) == [draft.template]
    assert not ProgrammeTemplate.objects.owned_by(other).exists()


@pytest.mark.django_db
def test_a_draft_of_a_clinic_is_open_to_its_physiotherapists_as_long_as_they_are_in_it():
    peter, paula = a_clinician(), a_clinician(email="paula@example.org")
    clinic = a_clinic_with(peter, paula)
    draft = begin_draft(by=peter, now=NOW, document=a_document())
    assert draft.template.clinic == clinic
    said = a_document(title="Ours")
    saved = save_draft(draft=draft, by=paula, now=NOW, document=said, known_hash=draft.content_hash)
    assert saved.document["title"] == saved.template.title == "Ours"
    clinic.memberships.filter(clinician=paula).update(left_at=NOW, left_by=peter)
    with pytest.raises(NotLetIn):
        save_draft(draft=draft, by=paula, now=NOW, document=said, known_hash=saved.content_hash)


@pytest.mark.django_db
def test_keys_are_unique_over_the_whole_site():
    shipped_key = a_published_version().template.key
    keys = [
        begin_draft(
            by=a_clinician(email=f"c{n}@example.org"), now=NOW, document={"title": title}
        ).template.key
        for n, title in enumerate([shipped_key, shipped_key, "Über-Lauf!", "跑步", "", "x" * 300])
    ]
    assert keys == [
        *(f"own-{DEFAULT}", f"own-{DEFAULT}-2", "own-uber-lauf"),
        *("own-programme", "own-programme-2", f"own-{'x' * 51}"),
    ]


@pytest.mark.django_db
def test_the_second_of_two_who_write_is_told_and_nothing_is_overwritten():
    peter = a_clinician()
    draft = begin_draft(by=peter, now=NOW, document=a_document())
    first = save_draft(
        draft=draft, by=peter, now=NOW, document=a_document(title="First"), known_hash=draft.content_hash
    )
    with pytest.raises(DraftChanged):
        save_draft(
            draft=draft, by=peter, now=NOW, document=a_document(title="Second"), known_hash=draft.content_hash
        )
    assert ProgrammeVersion.objects.get(pk=draft.pk).document["title"] == "First"
    with pytest.raises(DraftChanged):
        discard_draft(draft=draft, by=peter, known_hash=draft.content_hash)
    discard_draft(draft=draft, by=peter, known_hash=first.content_hash)
    assert not ProgrammeTemplate.objects.exists()
    with pytest.raises(NotLetIn):
        discard_draft(draft=draft, by=peter, known_hash=first.content_hash)


@pytest.mark.django_db
def test_a_programme_has_one_draft_at_a_time_and_keeps_its_key():
    peter = a_clinician()
    draft = begin_draft(by=peter, now=NOW, document=a_document())
    with pytest.raises(Refused):
        begin_draft(by=peter, now=NOW, document=a_document(), template=draft.template)
    published_now(draft, peter)
    second = begin_draft(by=peter, now=NOW, document=a_document(key="x"), template=draft.template)
    assert (second.number, second.document["key"]) == (2, draft.template.key)
    save_draft(draft=second, by=peter, now=NOW, document={"title": "New"}, known_hash=second.content_hash)
    # Runners follow version 1: the name that they know stays until the next one is published.
    assert ProgrammeTemplate.objects.get(pk=draft.template_id).title == a_document()["title"]
    discard_draft(draft=second, by=peter, known_hash=ProgrammeVersion.objects.get(pk=second.pk).content_hash)
    assert ProgrammeTemplate.objects.get().versions.count() == 1


def published_now(draft: ProgrammeVersion, by) -> None:
    draft.status, draft.published_at, draft.published_by = VersionStatus.PUBLISHED, NOW, by
    draft.save()


@pytest.mark.django_db
def test_what_is_published_or_shipped_is_never_written():
    peter = a_clinician()
    shipped_version = a_published_version()
    with pytest.raises(NotLetIn):
        begin_draft(by=peter, now=NOW, document=a_document(), template=shipped_version.template)
    own = begin_draft(by=peter, now=NOW, document=a_document())
    published_now(own, peter)
    for version, why in ((shipped_version, NotLetIn), (own, Refused)):
        with pytest.raises(why):
            save_draft(
                draft=version, by=peter, now=NOW, document={"title": "x"}, known_hash=version.content_hash
            )
        with pytest.raises(why):
            discard_draft(draft=version, by=peter, known_hash=version.content_hash)
        assert ProgrammeVersion.objects.get(pk=version.pk).document["title"] == a_document()["title"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "document",
    [
        [],
        "text",
        None,
        {"a": float("nan")},
        {"a": "\x00"},
        {"a": "\ud800"},
        {"a": "x" * 300_000},
        {"a": {1, 2}},
    ],
)
def test_what_cannot_be_stored_is_refused(document):
    with pytest.raises(Refused):
        begin_draft(by=a_clinician(), now=NOW, document=document)
    assert not ProgrammeTemplate.objects.exists()


@pytest.mark.django_db
def test_a_faulty_draft_is_kept_as_it_is():
    document = {"title": "Half", "stages": [{"key": 7}, None], "engine": "none"}
    draft = begin_draft(by=a_clinician(), now=NOW, document=document)
    assert draft.document == {**document, "key": "own-half"}


@pytest.mark.django_db
def test_nobody_but_a_physiotherapist_begins_one():
    for person in (a_runner(), a_manager()):
        with pytest.raises(NotLetIn):
            begin_draft(by=person, now=NOW, document=a_document())
