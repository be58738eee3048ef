"""Publishing, retiring, comparing and offering a clinic's own programme: services and pages."""

import copy
import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from accounts.services import grant_consent, revoke_consent
from accounts.services.clinics import create_clinic, join_clinic
from programs.models import Enrolment, ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.selectors.intake import offers
from programs.selectors.versions import versions_page
from programs.services.drafts import DraftChanged, begin_draft, save_draft
from programs.services.editions import DraftRefused, publish, retire
from programs.services.enrolments import IntakeAnswers, enrol
from programs.services.errors import NotLetIn, Refused
from tests.builders import COMFORTABLE, QUIET, a_published_version, an_enrolment, live, the_library
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ANSWERS = IntakeAnswers(intake_pain=4, baseline_morning=2)


@pytest.fixture(autouse=True)
def _library():
    the_library()


def a_clinic(name: str, *members):
    clinic = create_clinic(name=name, by=a_manager(f"{name}@example.org".lower()), now=NOW)
    for member in members:
        join_clinic(clinic=clinic, clinician=member, now=NOW)
    return clinic


def a_physio(name: str = "Petra"):
    return a_clinician(f"{name}@example.org".lower(), name)


def a_document(**changes) -> dict:
    """The shipped programme with other words, or another number for the runs of one minute."""
    document = copy.deepcopy(a_published_version().document)
    document["title"] = changes.pop("title", "Our own return to running")
    for name, value in changes.items():
        document["stages"][3]["criteria"][name]["value"] = value
    return document


def a_draft(by, document: dict | None = None, template=None) -> ProgrammeVersion:
    return begin_draft(by=by, now=NOW, document=document or a_document(), template=template)


def published(by, document: dict | None = None, template=None) -> ProgrammeVersion:
    draft = a_draft(by, document, template)
    return publish(draft=draft, by=by, now=NOW, note="The first", known_hash=draft.content_hash)


# --- publish ------------------------------------------------------------------------------
def test_a_draft_becomes_the_next_edition_and_never_changes_again():
    petra = a_physio()
    edition = published(petra)
    assert (edition.number, edition.status, edition.published_by) == (1, VersionStatus.PUBLISHED, petra)
    second = published(petra, a_document(min_days=9), edition.template)
    assert second.number == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgrammeVersion.objects.filter(pk=edition.pk).update(document={})


def test_publishing_moves_nobody():
    petra = a_physio()
    edition = published(petra)
    runner = a_runner()
    grant_consent(runner=runner, clinician=petra, now=NOW)
    enrolment = an_enrolment(runner, version=edition, now=NOW)
    published(petra, a_document(min_days=9), edition.template)
    enrolment.refresh_from_db()
    assert enrolment.version == edition


@pytest.mark.parametrize("note", ["", "  ", "ab", "x" * 501])
def test_a_note_is_needed(note):
    petra = a_physio()
    draft = a_draft(petra)
    with pytest.raises(Refused):
        publish(draft=draft, by=petra, now=NOW, note=note, known_hash=draft.content_hash)


def test_a_faulty_draft_is_refused_with_every_fault():
    petra = a_physio()
    document = a_document(min_days=1)
    document["stages"][1]["sessions"][0]["exercises"][0]["key"] = "nobody_knows_it"
    draft = a_draft(petra, document)
    with pytest.raises(DraftRefused) as refused:
        publish(draft=draft, by=petra, now=NOW, note="The first", known_hash=draft.content_hash)
    assert len(refused.value.faults) == 2
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


def test_what_was_changed_since_the_page_was_opened_is_not_published():
    petra = a_physio()
    draft = a_draft(petra)
    seen = draft.content_hash
    save_draft(draft=draft, by=petra, now=NOW, document=a_document(min_days=9), known_hash=seen)
    with pytest.raises(DraftChanged):
        publish(draft=draft, by=petra, now=NOW, note="The first", known_hash=seen)


def test_the_same_once_more_is_no_new_edition():
    petra = a_physio()
    edition = published(petra)
    draft = a_draft(petra, a_document(), edition.template)
    with pytest.raises(Refused):
        publish(draft=draft, by=petra, now=NOW, note="Again", known_hash=draft.content_hash)


def test_only_those_whose_programme_it_is_publish_and_retire():
    petra, paul = a_physio(), a_physio("Paul")
    a_clinic("Riverside", petra)
    a_clinic("Hillside", paul)
    draft = a_draft(petra)
    with pytest.raises(NotLetIn):
        publish(draft=draft, by=paul, now=NOW, note="Mine now", known_hash=draft.content_hash)
    edition = publish(draft=draft, by=petra, now=NOW, note="The first", known_hash=draft.content_hash)
    with pytest.raises(NotLetIn):
        retire(version=edition, by=paul, now=NOW, reason="Not mine")
    with pytest.raises(NotLetIn):
        retire(version=a_published_version(), by=petra, now=NOW, reason="It is shipped")


# --- retire -------------------------------------------------------------------------------
def test_a_retired_edition_keeps_its_runners_and_both_notes():
    petra = a_physio()
    edition = published(petra)
    runner = a_runner()
    grant_consent(runner=runner, clinician=petra, now=NOW)
    enrolment = live(an_enrolment(runner, version=edition, now=NOW), COMFORTABLE, QUIET)
    gone = retire(version=edition, by=petra, now=NOW, reason="Too fast for most")
    assert gone.notes == ("The first", "Too fast for most")
    assert offers(runner=a_runner("other@example.org"), now=NOW) is not None
    assert live(enrolment, QUIET).version == edition
    assert signed_in(runner).get(reverse("programme")).status_code == 200
    with pytest.raises(Refused):
        retire(version=edition, by=petra, now=NOW, reason="Once more")


def test_no_older_edition_takes_the_place_of_a_retired_one():
    petra = a_physio()
    first = published(petra)
    second = published(petra, a_document(min_days=9), first.template)
    runner = a_runner()
    grant_consent(runner=runner, clinician=petra, now=NOW)
    keys = [offer.version_id for offer in offers(runner=runner, now=NOW)]
    assert second.pk in keys
    assert first.pk not in keys
    retire(version=second, by=petra, now=NOW, reason="Too fast for most")
    assert not {first.pk, second.pk} & {offer.version_id for offer in offers(runner=runner, now=NOW)}


# --- who is offered what ------------------------------------------------------------------
def test_a_runner_is_offered_the_programmes_of_the_clinic_that_she_let_in():
    petra, colleague, elsewhere = a_physio(), a_physio("Cora"), a_physio("Paul")
    a_clinic("Riverside", petra, colleague)
    a_clinic("Hillside", elsewhere)
    edition = published(colleague)
    runner = a_runner()
    offered = lambda: edition.pk in {one.version_id for one in offers(runner=runner, now=NOW)}  # noqa: E731
    assert not offered()
    grant_consent(runner=runner, clinician=elsewhere, now=NOW)
    assert not offered()
    grant_consent(runner=runner, clinician=petra, now=NOW)
    assert offered()
    revoke_consent(runner=runner, clinician=petra, now=NOW)
    assert not offered()


def test_nobody_begins_what_she_is_not_offered():
    edition = published(a_physio())
    runner = a_runner()
    with pytest.raises(Refused):
        enrol(runner=runner, version=edition, stage="S1_walking", answers=ANSWERS, now=NOW)
    assert not Enrolment.objects.exists()


def test_a_runner_reads_no_programme_of_a_clinic_that_is_a_stranger():
    petra = a_physio()
    edition = published(petra)
    runner = a_runner()
    address = reverse("programme_version", args=[edition.template.key, 1])
    assert signed_in(runner).get(address).status_code == 404
    assert signed_in(a_physio("Paul")).get(address).status_code == 404
    assert "Our own return" not in signed_in(runner).get(reverse("programmes")).content.decode()
    grant_consent(runner=runner, clinician=petra, now=NOW)
    assert signed_in(runner).get(address).status_code == 200
    an_enrolment(runner, version=edition, now=NOW)
    revoke_consent(runner=runner, clinician=petra, now=NOW)
    assert signed_in(runner).get(address).status_code == 200


# --- pages --------------------------------------------------------------------------------
def of_draft(name: str, draft: ProgrammeVersion) -> str:
    return reverse(name, args=[draft.template.key])


PAGES_OF_A_DRAFT = ("draft_walk", "draft_diff", "draft_impact", "draft_publish")


@pytest.mark.parametrize("page", PAGES_OF_A_DRAFT)
def test_the_pages_of_a_draft_are_for_those_whose_it_is(page):
    petra, colleague = a_physio(), a_physio("Cora")
    a_clinic("Riverside", petra, colleague)
    draft = a_draft(petra)
    assert signed_in(petra).get(of_draft(page, draft)).status_code == 200
    assert signed_in(colleague).get(of_draft(page, draft)).status_code == 200
    assert signed_in(a_physio("Paul")).get(of_draft(page, draft)).status_code == 404
    assert signed_in(a_runner()).get(of_draft(page, draft)).status_code == 403


@pytest.mark.parametrize("page", PAGES_OF_A_DRAFT)
def test_the_pages_of_a_draft_that_is_hardly_begun(page):
    petra = a_physio()
    draft = a_draft(petra, {"title": "Hardly begun", "stages": [3, {"key": "S1"}, {"kind": "daily"}]})
    html = signed_in(petra).get(of_draft(page, draft)).content.decode()
    assert "not right yet" in html or page == "draft_diff"
    assert 'name="note"' not in html


def test_a_draft_is_published_on_its_page():
    petra = a_physio()
    draft = a_draft(petra)
    client = signed_in(petra)
    page = client.get(of_draft("draft_publish", draft))
    assert page.context["form"].initial["known_hash"] == draft.content_hash
    sent = {"note": "The first of ours", "known_hash": draft.content_hash}
    answer = client.post(of_draft("draft_publish", draft), sent, follow=True)
    html = answer.content.decode()
    assert "Version 1 is published." in html
    assert "The first of ours" in html
    assert client.get(of_draft("draft_publish", draft)).status_code == 404


def test_a_refused_publication_comes_back_filled_in():
    petra = a_physio()
    draft = a_draft(petra)
    client = signed_in(petra)
    old = draft.content_hash
    save_draft(draft=draft, by=petra, now=NOW, document=a_document(min_days=9), known_hash=old)
    answer = client.post(of_draft("draft_publish", draft), {"note": "The first of ours", "known_hash": old})
    html = answer.content.decode()
    assert "changed this draft" in html
    assert "The first of ours" in html
    assert ProgrammeVersion.objects.get(pk=draft.pk).status == VersionStatus.DRAFT


def test_forged_fields_change_nothing():
    petra = a_physio()
    draft = a_draft(petra)
    sent = {"note": "The first", "known_hash": draft.content_hash, "number": "99", "by": "1", "status": "x"}
    signed_in(petra).post(of_draft("draft_publish", draft), sent)
    draft.refresh_from_db()
    assert (draft.number, draft.published_by) == (1, petra)


def test_an_edition_is_retired_on_its_page():
    petra = a_physio()
    edition = published(petra)
    address = reverse("version_retire", args=[edition.template.key, 1])
    assert signed_in(a_physio("Paul")).get(address).status_code == 404
    client = signed_in(petra)
    assert client.post(address, {"note": ""}).status_code == 200
    html = client.post(address, {"note": "Too fast"}, follow=True).content.decode()
    assert "Version 1 is retired." in html
    assert "Too fast" in html
    assert "nobody can begin this programme" in html


def test_the_versions_say_who_follows_them_in_her_clinic_only():
    petra, colleague, elsewhere = a_physio(), a_physio("Cora"), a_physio("Paul")
    a_clinic("Riverside", petra, colleague)
    a_clinic("Hillside", elsewhere)
    first = published(petra)
    for name, clinician in (("ann", petra), ("bea", colleague), ("cat", elsewhere)):
        runner = a_runner(f"{name}@example.org", name.title())
        grant_consent(runner=runner, clinician=clinician, now=NOW)
        enrolment = an_enrolment(runner, now=NOW)
        Enrolment.objects.filter(pk=enrolment.pk).update(version=first)
    published(petra, a_document(min_days=9), first.template)
    page = versions_page(template=first.template, viewer=petra, now=NOW)
    assert [(row.number, row.runners) for row in page.rows] == [(2, 0), (1, 2)]
    # Of those on an older version only her own are named.
    assert [one.name for one in page.behind] == ["Ann"]
    html = signed_in(petra).get(reverse("programme_versions", args=[first.template.key])).content.decode()
    assert "Ann" in html
    assert "Bea" not in html
    assert AccessRecord.objects.filter(act="list", actor=petra).count() == 1


def test_two_editions_side_by_side():
    petra = a_physio()
    first = published(petra)
    published(petra, a_document(min_days=9), first.template)
    address = reverse("programme_diff", args=[first.template.key, 1, 2])
    html = signed_in(petra).get(address).content.decode()
    assert "days on this stage at least" in html
    assert signed_in(petra).get(reverse("programme_diff", args=[first.template.key, 1, 9])).status_code == 404
    assert signed_in(a_physio("Paul")).get(address).status_code == 404


def test_a_shipped_programme_has_its_versions_and_no_buttons():
    version = a_published_version()
    petra = a_physio()
    html = signed_in(petra).get(reverse("programme_versions", args=[version.template.key])).content.decode()
    assert "with this site" in html
    assert "/retire/" not in html
    assert signed_in(petra).get(reverse("version_retire", args=[version.template.key, 1])).status_code == 404


def test_the_draft_of_another_clinic_is_in_no_list():
    petra, paul = a_physio(), a_physio("Paul")
    edition = published(petra)
    a_draft(petra, a_document(min_days=9), edition.template)
    assert signed_in(paul).get(reverse("programme_versions", args=[edition.template.key])).status_code == 404
    assert ProgrammeTemplate.objects.open_to(paul, NOW).filter(pk=edition.template_id).count() == 0


def test_the_walk_shows_three_runners():
    petra = a_physio()
    html = signed_in(petra).get(of_draft("draft_walk", a_draft(petra))).content.decode()
    for words in ("Typical good", "Flares", "Silent for a while", "<svg", "One step back"):
        assert words in html


@pytest.mark.parametrize(("page", "queries"), [("draft_walk", 12), ("draft_diff", 12), ("draft_publish", 16)])
def test_the_queries_of_a_page_of_a_draft(page, queries, django_assert_max_num_queries):
    petra = a_physio()
    edition = published(petra)
    draft = a_draft(petra, a_document(min_days=9), edition.template)
    client = signed_in(petra)
    client.get(of_draft(page, draft))
    with django_assert_max_num_queries(queries):
        assert client.get(of_draft(page, draft)).status_code == 200


def test_a_draft_later_on_is_no_earlier_than_the_present():
    """The time of a publication is that of the act, not of the page."""
    petra = a_physio()
    draft = a_draft(petra)
    later = NOW + datetime.timedelta(hours=1)
    edition = publish(draft=draft, by=petra, now=later, note="The first", known_hash=draft.content_hash)
    assert edition.published_at == later
