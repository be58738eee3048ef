"""A physiotherapist or a site manager closes the account; and nobody's table is forgotten."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.urls import reverse

from accounts.models import AccountMail, Consent, Erasure, HandOver, Invitation, Membership, User
from accounts.services import grant_consent
from accounts.services.asks import ask_runner
from accounts.services.errors import Refused
from accounts.services.hand_overs import propose_hand_over
from accounts.services.joins import invite_clinician
from programs.models import Override
from programs.selectors.my_data.leaving import leaving_page
from programs.services.erasure import erase
from programs.services.erasure.rows import (
    CLINICAL_RECORD,
    INVITATIONS_OF_A_RUNNER,
    OF_THE_PERSON,
    THE_ACCOUNT,
)
from tests.builders import an_enrolment
from tests.integration.lives import Life
from tests.integration.test_export import models_of_people
from tests.support.people import a_clinician, a_manager, a_runner, signed_in
from tests.support.traces import traces

pytestmark = pytest.mark.django_db

#: Models that lead to a person and of which an erasure deletes nothing -> why.
NOT_DELETED = {
    "accounts.Clinic": "a clinic outlives who made it; a runner makes none",
    "accounts.Membership": "physiotherapists only: ended, and kept as long as the name",
    "accounts.OpenErasure": "never has a row",
    "programs.ExercisePicture": "a clinic's own exercise outlives who drew it; a runner draws none",
    "programs.LibraryItem": "a clinic's own exercise outlives who wrote it; a runner writes none",
    "programs.ProgrammeTemplate": "a clinic's own programme outlives who began it; a runner begins none",
    "programs.ProgrammeVersion": "published programmes outlive who published them",
}


def test_every_table_that_leads_to_a_person_is_deleted_from_or_says_why_not():
    nobody = User(pk=0, email="nobody@example.org")
    rows = (*OF_THE_PERSON, INVITATIONS_OF_A_RUNNER, *CLINICAL_RECORD, THE_ACCOUNT)
    deleted = {which(nobody, []).model._meta.label for which in rows}
    labels = {model._meta.label for model in models_of_people()}
    assert labels - deleted == set(NOT_DELETED)


def test_no_model_of_a_runner_holds_free_text_that_nobody_thought_of():
    """Free text may hold a name: whoever adds some says here what an erasure makes of it."""
    found = set()
    for label in (
        "DiaryEntry",
        "EntryRevision",
        "PlannedSession",
        "Intake",
        "Enrolment",
        "Decision",
        "Override",
        "MeasureResponse",
    ):
        for field in apps.get_model("programs", label)._meta.get_fields():
            if field.concrete and field.get_internal_type() in ("TextField", "JSONField"):
                found.add(f"{label}.{field.name}")
    assert found == {
        "DiaryEntry.red_flags",  # codes
        "DiaryEntry.sites",  # codes
        "Enrolment.run_days",  # numbers of weekdays
        "MeasureResponse.answers",  # the wordings of her own are emptied
        "EntryRevision.values",  # columns of an entry; others are dropped
        "Intake.answers",  # known keys; others are dropped
        "Intake.reasons",  # codes
        "Enrolment.step_backs",  # dates
        "Enrolment.last_error",  # emptied
        "Decision.reason",  # redacted
        "Decision.criteria",  # texts of the engine and numbers
        "Decision.inputs",  # redacted
        "Override.reason",  # redacted
    }


@pytest.fixture
def life() -> Life:
    return Life()


def test_her_name_stays_under_what_she_did_and_nothing_else_of_her(life):
    hers, email = life.hers, life.hers.email
    ask_runner(clinician=hers, email="somebody@example.org", now=life.at(34))
    signed_in(hers).get(reverse("caseload"))
    erasure = erase(user=hers, now=life.at(35))
    assert (erasure.kind, erasure.role, erasure.kept_until) == ("closed", "clinician", None)
    hers.refresh_from_db()
    assert (hers.name, hers.is_active, hers.erased_at) == ("Petra Physio", False, life.at(35))
    assert {str(act.made_by) for act in Override.objects.all()} == {"Petra Physio"}
    assert traces(email) == []
    assert not Authenticator.objects.filter(user=hers).exists()
    assert not Membership.objects.current().filter(clinician=hers).exists()
    assert Invitation.objects.get(email="somebody@example.org").outcome == "withdrawn"


def test_her_runners_are_told_and_she_sees_nobody_any_more(life):
    browser = signed_in(life.colleague)
    erase(user=life.colleague, now=life.at(35))
    assert not Consent.objects.unrevoked().filter(clinician=life.colleague).exists()
    told = AccountMail.objects.get(kind="access_closed")
    assert told.recipient == life.runner
    assert "Carla Colleague has closed the account" in told.text
    assert browser.get(reverse("caseload")).status_code == 302
    assert life.enrolment.is_active


def test_what_colleagues_had_in_hand_with_her_ends():
    life = Life()
    now = life.at(34)
    third = a_runner("third@example.org", "Thea Third")
    grant_consent(runner=third, clinician=life.hers, now=now)
    consents = Consent.objects.filter(runner=third)
    propose_hand_over(consents=consents, to=life.colleague, by=life.hers, now=now)
    erase(user=life.colleague, now=life.at(35))
    assert not HandOver.objects.open().exists()
    assert Consent.objects.in_force(life.at(35)).get(runner=third).clinician == life.hers


def test_who_never_did_anything_goes_whole():
    clinician = a_clinician()
    email = clinician.email
    assert erase(user=clinician, now=clinician.date_joined).kind == "all"
    assert not User.objects.exists()
    assert traces(email, "Petra") == []


def test_a_manager_leaves_where_there_is_another():
    first, second = a_manager(), a_manager("second@example.org", "Sara Second")
    invite_clinician(email="new@example.org", by=first, now=first.date_joined)
    erase(user=first, now=first.date_joined + datetime.timedelta(hours=1))
    first.refresh_from_db()
    assert (first.is_active, first.is_staff, first.is_superuser) == (False, False, False)
    assert Invitation.objects.get().outcome == "withdrawn"
    with pytest.raises(Refused, match="only site manager"):
        erase(user=second, now=second.date_joined)
    assert Erasure.objects.count() == 1


def test_an_inactive_manager_does_not_count():
    first, second = a_manager(), a_manager("second@example.org", "Sara Second")
    User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(Refused):
        erase(user=first, now=first.date_joined)


def test_the_page_counts_runners_and_names_who_is_told(life):
    assert leaving_page(user=life.colleague, now=life.at(35)).runners == 1
    assert leaving_page(user=life.hers, now=life.at(35)).runners == 0
    page = leaving_page(user=life.runner, now=life.at(35))
    assert page.told == ("Carla Colleague",)
    assert page.kept_until == life.date(33).replace(year=2034)
    assert leaving_page(user=an_enrolment().runner, now=life.at(35)).kept_until is None
