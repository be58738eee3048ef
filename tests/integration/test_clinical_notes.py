"""Private notes: among those whom the runner let in, on no page of hers, in her copy of everything."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Consent
from accounts.services import grant_consent, revoke_consent
from programs.models import ClinicalNote, Enrolment
from programs.models.clinical import LONGEST_NOTE
from programs.selectors.clinical_notes import notes_for
from programs.services.clinical_notes import write_note
from programs.services.errors import NotLetIn, Refused
from tests.builders import QUIET, an_enrolment, live, the_library
from tests.integration.test_page_queries import PAGES
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SECRET = "worries-about-work"


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def paul(enrolment):
    paul = a_clinician("paul@example.org", "Paul Other")
    grant_consent(runner=enrolment.runner, clinician=paul, now=timezone.now())
    return paul


@pytest.fixture
def enrolment(petra) -> Enrolment:
    the_library()
    return live(an_enrolment(a_runner(), clinician=petra, days_ago=2), QUIET)


def noted(enrolment, by, words=SECRET, key=None, now=None, **more) -> ClinicalNote:
    now = now or timezone.now()
    return write_note(enrolment=enrolment, by=by, now=now, words=words, key=key or uuid.uuid4(), **more)


def url(enrolment: Enrolment) -> str:
    return reverse("runner_notes", args=[enrolment.public_id])


def test_a_note_is_written_once_and_leaves_a_record(enrolment, petra):
    key = uuid.uuid4()
    assert noted(enrolment, petra, f" {SECRET} ", key) == noted(enrolment, petra, f" {SECRET} ", key)
    assert ClinicalNote.objects.get().words == SECRET
    (record,) = AccessRecord.objects.filter(detail="a private note about you")
    assert (record.actor, record.runner) == (petra, enrolment.runner)
    # What she noted stands in no record that the runner reads.
    assert SECRET not in " ".join(AccessRecord.objects.values_list("detail", flat=True))


def test_a_correction_stands_in_place_of_the_note_and_keeps_it(enrolment, petra):
    now = timezone.now()
    first = noted(enrolment, petra, "Left knee", now=now - 2 * DAY)
    noted(enrolment, petra, "Something later", now=now - DAY)
    noted(enrolment, petra, "Right knee", replaces=first.key)
    newest, corrected = notes_for(enrolment, petra, now)
    assert (newest.words, corrected.words) == ("Something later", "Right knee")
    assert [earlier.words for earlier in corrected.earlier] == ["Left knee"]
    with pytest.raises(Refused, match="corrected already"):
        noted(enrolment, petra, "Both knees", replaces=first.key)


def test_nobody_corrects_the_note_of_another(enrolment, petra, paul):
    note = noted(enrolment, petra)
    with pytest.raises(Refused, match="your own notes only"):
        noted(enrolment, paul, "Not so", replaces=note.key)
    other = an_enrolment(clinician=petra)
    with pytest.raises(Refused, match="your own notes only"):
        noted(other, petra, "Of somebody else", replaces=note.key)


@pytest.mark.parametrize("words", ["", "  ", "x" * (LONGEST_NOTE + 1)])
def test_nothing_and_too_much_are_refused(enrolment, petra, words):
    with pytest.raises(Refused) as refused:
        noted(enrolment, petra, words)
    assert refused.value.field == "words"


def test_strangers_and_the_runner_write_none(enrolment, petra):
    revoke_consent(runner=enrolment.runner, clinician=petra, now=timezone.now())
    for by in (petra, enrolment.runner, a_clinician("paul@example.org", "Paul")):
        with pytest.raises(NotLetIn):
            noted(enrolment, by)
    assert not ClinicalNote.objects.exists()


def test_a_colleague_whom_she_lets_in_reads_it(enrolment, petra, paul):
    noted(enrolment, petra)
    assert SECRET in signed_in(paul).get(url(enrolment)).content.decode()
    assert SECRET in signed_in(paul).get(f"/runners/{enrolment.public_id}/").content.decode()


def test_not_where_she_agreed_to_a_wording_that_denied_it(enrolment, petra, paul):
    noted(enrolment, petra)
    Consent.objects.filter(clinician=paul).update(text_version=3)
    assert SECRET not in signed_in(paul).get(url(enrolment)).content.decode()
    Consent.objects.filter(clinician=petra).update(text_version=3)
    assert SECRET in signed_in(petra).get(url(enrolment)).content.decode()


def test_no_page_of_the_runner_shows_it(enrolment, petra):
    note = noted(enrolment, petra)
    noted(enrolment, petra, f"{SECRET} less", replaces=note.key)
    phone = signed_in(enrolment.runner)
    for name in (*PAGES, "messages"):
        assert SECRET not in phone.get(reverse(name), follow=True).content.decode(), name
    assert phone.get(url(enrolment)).status_code == 403


def test_the_page_says_who_reads_notes(enrolment, petra):
    html = signed_in(petra).get(url(enrolment)).content.decode()
    assert "gets them with a copy of all data" in html


def test_written_and_corrected_by_the_page(enrolment, petra):
    clinic = signed_in(petra)
    key = str(uuid.uuid4())
    for _ in range(2):
        assert clinic.post(url(enrolment), {"words": "Left knee", "key": key}).status_code == 302
    note = ClinicalNote.objects.get()
    html = clinic.get(f"{url(enrolment)}?correct={note.key}").content.decode()
    assert "Correct the note" in html and str(note.key) in html
    fixed = {"words": "Right <knee>", "key": str(uuid.uuid4()), "replaces": str(note.key)}
    assert clinic.post(url(enrolment), fixed).status_code == 302
    html = clinic.get(url(enrolment)).content.decode()
    assert "Right &lt;knee&gt;" in html and "What it said before" in html and "Left knee" in html
    again = clinic.post(url(enrolment), fixed | {"key": str(uuid.uuid4()), "words": "Third"})
    assert "corrected already" in again.content.decode() and "Third" in again.content.decode()
    assert "Write a note" in clinic.get(f"{url(enrolment)}?correct=nonsense").content.decode()


def test_ten_stand_on_a_page(enrolment, petra):
    now = timezone.now()
    for number in range(12):
        noted(enrolment, petra, f"Number {number:02}", now=now + datetime.timedelta(seconds=number))
    clinic = signed_in(petra)
    html = clinic.get(url(enrolment)).content.decode()
    assert "Number 11" in html and "Number 01" not in html and "Page 1 of 2" in html
    assert "Number 01" in clinic.get(f"{url(enrolment)}?page=2").content.decode()


def test_strangers_find_nothing(enrolment, petra):
    noted(enrolment, petra)
    revoke_consent(runner=enrolment.runner, clinician=petra, now=timezone.now())
    for clinician in (petra, a_clinician("zoe@example.org", "Zoe")):
        browser = signed_in(clinician)
        form = {"words": "x", "key": str(uuid.uuid4())}
        assert browser.get(url(enrolment)).status_code == 404
        assert browser.post(url(enrolment), form).status_code == 404
