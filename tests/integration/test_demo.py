"""The demonstration: real services, every state of the caseload, once, and nobody else touched."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from programs.selectors.caseload import caseload_page

from accounts.models import Consent, User
from programs.engine.triage import NeedCode
from programs.engine.values import StageKind
from programs.models import Decision, DiaryEntry, Enrolment, MessageOwed, Override
from programs.services.demo.people import PASSWORD, PAUL, PETRA, SIGN_INS
from programs.services.demo.script import read_script
from programs.services.demo.seed import RUNNERS, seed_demo
from programs.services.errors import Refused
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import an_enrolment, every_programme, the_library

pytestmark = pytest.mark.django_db
UTC = datetime.UTC
#: In the middle of a day, and in the hours in which yesterday is still open in London.
MOMENTS = (
    datetime.datetime(2026, 11, 18, 13, 30, tzinfo=UTC),
    datetime.datetime(2026, 3, 29, 1, 15, tzinfo=UTC),
)


@pytest.fixture(params=MOMENTS, ids=["noon", "night of the clock change"])
def now(request) -> datetime.datetime:
    the_library()
    every_programme()
    seed_demo(now=request.param)
    return request.param


def everything() -> list:
    rows = (Enrolment, DiaryEntry, Decision, Override, MessageOwed, Consent, User)
    return [sorted(model.objects.values_list("pk", flat=True)) for model in rows]


def test_there_are_24_runners_and_a_second_run_adds_nothing(now):
    assert len(RUNNERS) == 24
    before = everything()
    assert seed_demo(now=now + datetime.timedelta(hours=1)) == 0
    assert everything() == before


def test_it_shows_every_state_of_the_caseload(now):
    shown, stages = set(), set()
    for email in (PETRA, PAUL):
        page = caseload_page(clinician=User.objects.get(email=email), now=now)
        shown |= {row.need.code for row in page.rows}
        stages |= {row.stage_key for row in page.rows}
    # A runner who is set aside by an error would need faulty rows; tests make one.
    assert set(NeedCode) - shown == {NeedCode.SET_ASIDE}
    document = every_programme()[1].document
    assert document["key"] == "lbp-acute-default"
    assert stages == {stage["key"] for stage in document["stages"]}
    assert StageKind.FINAL in {stage["kind"] for stage in document["stages"]}


def test_nothing_is_due_any_more_and_nobody_is_set_aside(now):
    assert not Enrolment.objects.due_for_close(now).exists()
    assert not Enrolment.objects.filter(failures__gt=0).exists()


def test_every_decision_comes_from_its_inputs(now):
    report = LedgerReport()
    assert not list(verify_ledger(report))
    assert report.checked == Decision.objects.count() > 400


def test_rosa_is_one_good_day_from_her_next_step(now):
    rosa = Enrolment.objects.get(runner__email="rosa@rehab.example")
    assert rosa.stage == "S3_run1_walk4"
    assert not DiaryEntry.objects.filter(enrolment=rosa, date=rosa.open_date).exists()


def test_only_the_mails_of_the_last_day_are_owed(now):
    owed = MessageOwed.objects.filter(status="owed")
    assert {"reminder", "pause", "clinician_pause"} <= set(owed.values_list("kind", flat=True))
    assert owed.count() < 12
    assert not owed.filter(created_at__lt=now - datetime.timedelta(hours=24)).exists()


def test_the_shown_sign_ins_open(now, client):
    for person in SIGN_INS:
        assert client.login(email=person.email, password=PASSWORD)


def test_somebody_real_is_left_alone(db):
    the_library()
    every_programme()
    real = an_enrolment(days_ago=3, now=MOMENTS[0])
    seed_demo(now=MOMENTS[0])
    real.refresh_from_db()
    assert real.decided_through == real.started_on - datetime.timedelta(days=1)
    assert not real.decisions.exists()


def test_without_a_library_nothing_is_seeded():
    with pytest.raises(Refused, match="load_library"):
        seed_demo(now=MOMENTS[0])
    assert not User.objects.exists()


def test_an_installation_for_real_people_is_refused(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("seed_demo")


def test_the_command_says_what_it_does(settings, capsys):
    the_library()
    every_programme()
    call_command("seed_demo", "--force")
    assert "24 runners" in capsys.readouterr().out
    call_command("seed_demo", "--force")
    assert "nothing was changed" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["1/1/1", "calm", "1/1+2", "| 1/1 2/2", "jog*3"])
def test_a_diary_that_cannot_be_read_is_an_error(text):
    with pytest.raises((ValueError, KeyError)):
        read_script(text)
