"""A copy of which nothing was published stands beside the edition that it was copied from."""

import copy

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import AccessRecord
from accounts.services import grant_consent, revoke_consent
from programs.builder.impact import Effect, Parting
from programs.models import ProgrammeVersion, VersionStatus
from programs.said import said
from programs.selectors import impact as selector
from programs.selectors.impact import impact_of
from programs.selectors.origin import basis_of
from programs.services.drafts import save_draft
from programs.services.editions import publish
from tests.builders import COMFORTABLE, a_published_version, an_enrolment, live, the_library
from tests.integration.test_impact_preview import BEGAN, DAYS, NOW
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library():
    the_library()


def a_copy(by, min_days: int | None = None) -> ProgrammeVersion:
    """Through the page, as she does it; then with more days on the second stage."""
    edition = a_published_version()
    signed_in(by).post(reverse("programme_copy", args=[edition.template.key, edition.number]))
    draft = ProgrammeVersion.objects.get(status=VersionStatus.DRAFT, created_by=by)
    document = copy.deepcopy(draft.document)
    if min_days:
        document["stages"][1]["criteria"]["min_days"]["value"] = min_days
    return save_draft(draft=draft, by=by, now=NOW, document=document, known_hash=draft.content_hash)


def a_follower(name: str, clinician=None):
    runner = a_runner(f"{name}@example.org".lower(), name)
    if clinician:
        grant_consent(runner=runner, clinician=clinician, now=BEGAN)
    enrolment = an_enrolment(runner, version=a_published_version(), days_ago=DAYS, now=NOW)
    return live(enrolment, *[COMFORTABLE] * (DAYS - 1))


def the_impact(draft: ProgrammeVersion, viewer):
    basis = basis_of(draft=draft, viewer=viewer, now=NOW)
    return impact_of(draft=draft, basis=basis, viewer=viewer, now=NOW)


def pages(by, draft: ProgrammeVersion) -> list[str]:
    client = signed_in(by)
    names = ("draft_diff", "draft_impact", "draft_publish")
    return [client.get(reverse(name, args=[draft.template.key])).content.decode() for name in names]


def test_a_copy_is_run_over_her_runners_of_the_programme_that_was_copied():
    petra = a_clinician()
    a_follower("Ann", petra)
    a_follower("Nobodys")
    draft = a_copy(petra, min_days=9)
    found = the_impact(draft, petra)
    assert (found.followers, found.different, found.others) == (1, 1, 0)
    assert [one.name for one in found.named] == ["Ann"]
    diff, impact, publishing = pages(petra, draft)
    for html in (diff, publishing):
        assert "<ins>9" in html
    assert "This draft and version 1 of" in diff
    for html in (impact, publishing):
        assert "It was copied from version 1 of" in html
        assert "Ann" in html
        assert "Nobodys" not in html
    assert AccessRecord.objects.filter(act="list", actor=petra).count() == 2


def test_whoever_took_her_consent_back_is_not_among_them():
    petra = a_clinician()
    ann = a_follower("Ann", petra)
    revoke_consent(runner=ann.runner, clinician=petra, now=NOW)
    draft = a_copy(petra, min_days=9)
    assert the_impact(draft, petra).followers == 0
    assert "No runner of your clinic follows that programme now" in pages(petra, draft)[1]


def test_once_something_of_it_is_published_that_counts():
    petra = a_clinician()
    a_follower("Ann", petra)
    draft = a_copy(petra, min_days=9)
    publish(draft=draft, by=petra, now=NOW, note=draft.note, known_hash=draft.content_hash)
    client = signed_in(petra)
    client.post(reverse("draft_next", args=[draft.template.key]))
    second = ProgrammeVersion.objects.get(status=VersionStatus.DRAFT, template=draft.template)
    basis = basis_of(draft=second, viewer=petra, now=NOW)
    assert (basis.edition.pk, basis.is_origin, basis.followers.count()) == (draft.pk, False, 0)


def test_an_origin_that_she_may_not_read_is_none():
    petra, paul = a_clinician(), a_clinician("paul@example.org", "Paul")
    theirs = a_copy(petra)
    publish(draft=theirs, by=petra, now=NOW, note="First", known_hash=theirs.content_hash)
    draft = a_copy(paul)
    draft.note = f"Begun as a copy of {theirs.template.key} v1."
    draft.save()
    assert draft.copied_from == (theirs.template.key, 1)
    assert basis_of(draft=draft, viewer=paul, now=NOW).edition is None
    assert basis_of(draft=draft, viewer=petra, now=NOW).edition == theirs


@pytest.mark.parametrize(
    "note", ["", "Opened from lbp-acute-default v1.yaml.", "Begun as a copy of x v1. Or so."]
)
def test_other_notes_name_no_origin(note):
    assert ProgrammeVersion(note=note).copied_from is None


def test_the_note_is_said_in_the_language_of_whoever_reads_it():
    with override("zh-hans"):
        words = said("Begun as a copy of lbp-acute-default v1.")
    assert "lbp-acute-default v1" in words
    assert "Begun" not in words


def test_whoever_has_only_another_reason_is_named_and_not_counted_as_different(monkeypatch):
    petra = a_clinician()
    a_follower("Ann", petra)
    other = Parting(
        Effect.REASON, BEGAN.toordinal(), "S1_walking", "D8J_MIN_DAYS", "D8M_QUIET_DAYS", "a", "b"
    )
    monkeypatch.setattr(selector, "parting", lambda *_given: other)
    draft = a_copy(petra)
    found = the_impact(draft, petra)
    assert (found.different, found.pairs, found.others) == (0, (), 0)
    assert [(one.name, one.is_the_same) for one in found.named] == [("Ann", True)]
    impact = pages(petra, draft)[1]
    assert "Ann" in impact
    assert "Gentle walking" in impact
