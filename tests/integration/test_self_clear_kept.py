"""A statement of her own goes with a runner to another site, and loses her name in what is kept of her."""

import datetime

import pytest
from django.utils import timezone

from accounts.services import grant_consent
from programs.archive.packing import packed
from programs.engine.redflags import RED_FLAGS
from programs.models import Decision, Enrolment, Override
from programs.selectors.my_data import document_of
from programs.services.diary import EntryValues
from programs.services.erasure import erase
from programs.services.imports import import_person
from programs.services.self_clear import Statement, clear_by_own_statement
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import an_enrolment, close_the_day, live
from tests.integration.lives import EMAIL, NAME
from tests.support.people import a_clinician, a_runner

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def cleared() -> Enrolment:
    """Back by her own statement, in which she named herself; the day is closed since."""
    enrolment = an_enrolment(a_runner(EMAIL, NAME), stage="S5_run3_walk2", days_ago=1)
    live(enrolment, EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",)))
    now = timezone.now()
    advice = f"{NAME} may walk, then run."
    statement = Statement("Dr Ada Ames, GP", now.date(), advice, RED_FLAGS.keys())
    clear_by_own_statement(enrolment=enrolment, by=enrolment.runner, now=now, statement=statement)
    return close_the_day(enrolment)


def decisions() -> list[tuple]:
    columns = ("date", "trigger", "rule", "reason", "inputs_hash")
    return list(Decision.objects.order_by("pk").values_list(*columns))


def is_sound() -> bool:
    return list(verify_ledger(LedgerReport())) == []


def test_it_comes_over_with_everything_else(cleared):
    before = decisions()
    act = Override.objects.values_list("kind", "stage", "reason", "assessed_by", "assessed_on").get()
    content = packed(document_of(cleared.runner))
    erase(user=cleared.runner, now=timezone.now() + DAY)
    # Nobody treated her, so nothing of hers is kept.
    assert not Override.objects.exists()
    person = import_person(content=content, role="runner").person
    assert decisions() == before
    came = Override.objects.get()
    assert (came.kind, came.stage, came.reason, came.assessed_by, came.assessed_on) == act
    assert came.made_by == person and is_sound()


def test_what_is_kept_of_an_erased_runner_says_it_without_her_name(cleared):
    now = timezone.now() + DAY
    grant_consent(runner=cleared.runner, clinician=a_clinician(), now=now)
    erase(user=cleared.runner, now=now + DAY)
    act = Override.objects.get()
    assert "Zinaida" not in act.reason and "may walk, then run." in act.reason
    assert all("Zinaida" not in row.reason + str(row.inputs) for row in Decision.objects.all())
    assert is_sound()
