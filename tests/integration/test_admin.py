"""The administration: site managers see what runs; nobody changes a record or reads a diary."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from programs.models import (
    Decision,
    DiaryEntry,
    Enrolment,
    EntryRevision,
    Intake,
    JobHeartbeat,
    LibraryItem,
    MessageOwed,
    Override,
    PlannedSession,
    ProgrammeTemplate,
    ProgrammeVersion,
)
from programs.services.health import beat
from programs.services.messages import message_row
from programs.services.overrides import hold_until
from tests.builders import QUIET, a_published_version, an_enrolment, an_entry, live, the_library
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
READ_ONLY = (
    Decision,
    Enrolment,
    EntryRevision,
    Intake,
    JobHeartbeat,
    LibraryItem,
    MessageOwed,
    Override,
    ProgrammeTemplate,
    ProgrammeVersion,
)


@pytest.fixture
def rows(db) -> dict:
    """One row of everything, with a canary wherever somebody could have written one."""
    the_library()
    petra, now = a_clinician(), timezone.now()
    enrolment = an_enrolment(a_runner(), clinician=petra, days_ago=1, intake_pain=9, baseline_morning=9)
    live(enrolment, QUIET)
    an_entry(enrolment, now=now, rest=8, red_flags=("FEVER_UNWELL",))
    an_entry(enrolment, now=now, rest=7, red_flags=("FEVER_UNWELL",))
    hold_until(enrolment=enrolment, by=petra, now=now, until=now.date(), reason="Knee of a friend")
    beat(name="tick", now=now)
    message = message_row(
        recipient=enrolment.runner, enrolment=enrolment, kind="reminder", local_date=now.date(), now=now
    )
    message.save()
    return {model: model.objects.first() for model in READ_ONLY}


def url(model, page: str, *args) -> str:
    return reverse(f"admin:programs_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def manager():
    return signed_in(a_manager())


def test_diaries_and_plans_are_not_in_the_administration():
    assert not admin.site.is_registered(DiaryEntry)
    assert not admin.site.is_registered(PlannedSession)


def test_groups_that_nobody_uses_are_not_offered(manager):
    assert not admin.site.is_registered(Group)
    assert "Groups" not in manager.get(reverse("admin:index")).content.decode()


def test_everything_else_is():
    assert all(admin.site.is_registered(model) for model in READ_ONLY)


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_a_record_can_be_looked_at_and_not_changed(rows, manager, model):
    row = rows[model]
    assert manager.get(url(model, "changelist")).status_code == 200
    page = manager.get(url(model, "change", row.pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    before = model.objects.count()
    assert manager.get(url(model, "add")).status_code == 403
    assert manager.post(url(model, "add"), {}).status_code == 403
    assert manager.post(url(model, "change", row.pk), {"note": "x"}).status_code == 403
    assert manager.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.count() == before


def test_the_words_of_a_reason_stay_with_the_runner_and_her_physiotherapist(rows, manager):
    pages = (url(Override, "changelist"), url(Override, "change", rows[Override].pk))
    assert not any("Knee of a friend" in manager.get(page).content.decode() for page in pages)


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_a_forged_action_of_a_list_does_nothing(rows, manager, model):
    before = model.objects.count()
    fields = {"action": "delete_selected", "_selected_action": [rows[model].pk], "post": "yes"}
    manager.post(url(model, "changelist"), fields)
    assert model.objects.count() == before


#: "/10" alone would find the tenth user of a long run.
TELLING = (
    "7/10",
    "8/10",
    "9/10",
    "FEVER",
    "fever",
    "&quot;rest&quot;",
    "baseline",
    "intake_pain",
    "exclusions",
)


@pytest.mark.parametrize("model", (Enrolment, Decision, Intake, EntryRevision), ids=lambda m: m.__name__)
def test_no_page_shows_a_score_or_an_answer(rows, manager, model):
    """The runner's scores are 7, 8 and 9; her flag is a fever."""
    for page in (url(model, "changelist"), url(model, "change", rows[model].pk)):
        html = manager.get(page).content.decode()
        for word in TELLING:
            assert word not in html, word


def test_a_draft_can_be_given_a_note_and_nothing_else(manager):
    version = a_published_version()
    draft = ProgrammeVersion.objects.create(
        template=version.template,
        number=2,
        document=version.document,
        content_hash="draft",
        created_at=timezone.now(),
    )
    fields = {"note": "For the summer", "number": 9, "status": "published"}
    assert manager.post(url(ProgrammeVersion, "change", draft.pk), fields).status_code == 302
    draft.refresh_from_db()
    assert (draft.note, draft.number, draft.status) == ("For the summer", 2, "draft")


def test_the_set_aside_have_a_filter(rows, manager):
    aside = an_enrolment(a_runner("ada@example.org", "Ada Aside"))
    Enrolment.objects.filter(pk=aside.pk).update(failures=2, last_error="KeyError: 'S9'")
    html = manager.get(url(Enrolment, "changelist") + "?set_aside=yes").content.decode()
    assert "Ada Aside" in html
    assert "Rosa Runner" not in html
    html = manager.get(url(Enrolment, "changelist") + "?set_aside=no").content.decode()
    assert "Ada Aside" not in html
    assert "KeyError" in manager.get(url(Enrolment, "change", aside.pk)).content.decode()


@pytest.mark.parametrize("actor", [a_runner, a_clinician])
def test_only_site_managers_come_in(actor):
    browser = signed_in(actor())
    assert browser.get(reverse("admin:index")).status_code in (302, 403)
    assert browser.get(url(Enrolment, "changelist")).status_code in (302, 403)
