"""A runner who was moved and discharged takes everything along, and it fits together where she comes to."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from programs.archive.packing import packed
from programs.models import Decision, Discharge, Enrolment, Override
from programs.selectors.my_data import document_of
from programs.services.discharges import discharge
from programs.services.erasure import erase
from programs.services.imports import import_person
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import the_library
from tests.integration.story import QUIET, RUN, Story
from tests.integration.test_moves import moved, other_version
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db


def lived() -> Story:
    the_library()
    story = Story(stage="S3_run1_walk4")
    story.seen_by()
    story.live(1, [QUIET, RUN])
    moved(story, 3, other_version(), "N_S2_core")
    story.live(3, [QUIET, RUN])
    now = story.at(5)
    given = {"outcome": "completed", "summary": "Well done."}
    discharge(enrolment=story.enrolment, by=story.clinician, now=now, **given)
    return story


def test_her_archive_is_taken_over_and_the_ledger_still_follows_from_its_inputs():
    with transaction.atomic():
        content = packed(document_of(lived().runner))
        transaction.set_rollback(True)
    assert not User.objects.exists()
    the_library()
    import_person(content=content, role="runner")
    enrolment = Enrolment.objects.select_related("version__template").get()
    assert (enrolment.version.template.key, enrolment.stage, enrolment.status) == (
        "other-way",
        "N_S2_core",
        "completed",
    )
    act = Override.objects.get(kind="move_version")
    assert act.version == enrolment.version
    assert Discharge.objects.get().summary == "Well done."
    report = LedgerReport()
    assert list(verify_ledger(report)) == [] and report.checked == Decision.objects.count() == 5
    runner = enrolment.runner
    runner.set_password("seven new kilometres")
    runner.save()
    browser = signed_in(runner)
    assert browser.get(reverse("progress"), follow=True).status_code == 200


def test_what_is_kept_of_her_when_she_is_erased_still_verifies():
    story = lived()
    erase(user=story.runner, now=story.at(6))
    assert Enrolment.objects.get().status == "completed", "it had ended, and was not broken off"
    assert list(verify_ledger(LedgerReport())) == []
