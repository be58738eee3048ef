"""Runners whose programme has ended: found, and heard, by whoever still has access."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from accounts.services import revoke_consent
from programs.models import Enrolment, SharedMessage
from programs.selectors.caseload import caseload_page
from programs.selectors.ended_runners import MOST_ROWS, ended_page
from programs.services.conversation import write_message
from programs.services.discharges import discharge, leave
from tests.builders import QUIET, an_enrolment, live, reloaded
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
CASELOAD, ENDED = "/caseload/", "/caseload/ended/"


@pytest.fixture
def petra():
    return a_clinician()


def on_her_list(petra, name: str) -> Enrolment:
    runner = a_runner(email=f"{name.split()[0].lower()}@example.org", name=name)
    return live(an_enrolment(runner, clinician=petra, days_ago=1), QUIET)


def ended(petra, name: str) -> Enrolment:
    enrolment, now = on_her_list(petra, name), timezone.now()
    discharge(enrolment=enrolment, by=petra, now=now, outcome="completed", summary="Go on like that.")
    return reloaded(enrolment)


def a_question(enrolment: Enrolment) -> None:
    write_message(
        enrolment=enrolment, by=enrolment.runner, now=timezone.now(), words="May I run?", key=uuid.uuid4()
    )


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def listed(petra, query: str = "", *, days: int = 0) -> list[tuple[str, str]]:
    page = ended_page(clinician=petra, now=timezone.now() + days * DAY, query=query)
    return [(row.name, row.outcome) for row in page.rows]


def test_the_list_names_who_has_ended_how_and_when_the_newest_first(petra):
    on_her_list(petra, "Ann Active")
    left = on_her_list(petra, "Lea Left")
    leave(enrolment=left, by=left.runner, now=timezone.now())
    ended(petra, "Cara Completed")
    assert listed(petra) == [("Cara Completed", "Completed"), ("Lea Left", "Left by the runner")]
    assert listed(petra, "LEA") == [("Lea Left", "Left by the runner")]
    page = text_of(signed_in(petra).get(ENDED))
    assert reverse("runner", args=[left.public_id]) in page and "Left by the runner." in page
    assert "Ann Active" not in page


def test_each_look_is_written_down_for_the_runner(petra):
    enrolment = ended(petra, "Cara Completed")
    signed_in(petra).get(ENDED)
    (record,) = AccessRecord.objects.filter(runner=enrolment.runner, detail__startswith="list of ended")
    assert (record.actor, record.act) == (petra, "list")


def test_nobody_is_on_it_without_access_nor_after_a_year(petra):
    cara = ended(petra, "Cara Completed")
    revoke_consent(runner=cara.runner, clinician=petra, now=timezone.now())
    ended(petra, "Nina Nearly")
    assert listed(petra) == listed(petra, days=364) == [("Nina Nearly", "Completed")]
    assert listed(petra, days=366) == []
    assert listed(a_clinician("paul@example.org", "Paul Other")) == []


def test_a_search_for_somebody_who_has_ended_leads_there(petra):
    cara = ended(petra, "Cara Completed")
    address = reverse("runner", args=[cara.public_id])
    alone = text_of(signed_in(petra).get(CASELOAD))
    assert "No runner of yours follows a programme now." in alone and address in alone
    on_her_list(petra, "Ann Active")
    browser = signed_in(petra)
    assert "Cara" not in text_of(browser.get(CASELOAD))
    found = text_of(browser.get(CASELOAD, {"q": "cara"}))
    assert "Nobody of that name follows a programme now." in found and address in found
    assert AccessRecord.objects.filter(runner=cara.runner, detail__startswith="caseload").exists()
    assert "Nobody fits" in text_of(browser.get(CASELOAD, {"q": "zoe"}))
    assert "Nobody of that name" in text_of(browser.get(ENDED, {"q": "zoe"}))


def test_a_message_after_the_end_stays_on_the_caseload_until_it_is_read(petra):
    cara = ended(petra, "Cara Completed")
    on_her_list(petra, "Ann Active")
    a_question(cara)
    browser, messages = signed_in(petra), reverse("runner_messages", args=[cara.public_id])
    page = text_of(browser.get(CASELOAD))
    assert "Unread, from ended programmes" in page and messages in page
    written = SharedMessage.objects.get().written_at.isoformat()
    browser.post(messages, {"read": "yes", "through": written})
    assert messages not in text_of(browser.get(CASELOAD))


def test_only_who_has_access_reads_of_a_message_after_the_end(petra):
    cara = ended(petra, "Cara Completed")
    a_question(cara)
    revoke_consent(runner=cara.runner, clinician=petra, now=timezone.now())
    page = caseload_page(clinician=petra, now=timezone.now())
    assert (page.ended_unread, page.ended_found, page.runner_ids) == ((), (), set())


def test_as_many_queries_for_one_as_for_many_and_a_hundred_at_most(petra):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            ended_page(clinician=petra, now=timezone.now())
        return len(captured)

    first = ended(petra, "Cara Completed")
    assert queries() == 1
    for number in range(MOST_ROWS):
        runner = a_runner(email=f"r{number}@example.org", name=f"Runner {number}")
        row = an_enrolment(runner, clinician=petra, version=first.version)
        Enrolment.objects.filter(pk=row.pk).update(status="withdrawn")
    assert queries() == 1
    page = ended_page(clinician=petra, now=timezone.now())
    assert (len(page.rows), page.total, page.is_cut) == (MOST_ROWS, MOST_ROWS + 1, True)
    assert "The newest 100 of 101." in text_of(signed_in(petra).get(ENDED))
