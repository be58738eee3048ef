"""The demonstration: real services, every state of the caseload, once, and nobody else touched."""

import contextlib
import datetime
import re
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Clinic, Consent, User
from programs.engine.triage import NeedCode
from programs.models import Decision, DiaryEntry, Enrolment, MessageOwed, Override
from programs.selectors.caseload import caseload_page
from programs.services.demo.people import PASSWORD, PAUL, PETRA, SIGN_INS
from programs.services.demo.script import read_script
from programs.services.demo.seed import RUNNERS, seed_demo
from programs.services.errors import Refused
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import a_published_version, an_enrolment, every_programme, the_library
from tests.support.people import a_runner

pytestmark = pytest.mark.django_db
UTC = datetime.UTC
NOON = datetime.datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
#: Clocks go forward; yesterday is over in Berlin and still open in London.
SPRING_NIGHT = datetime.datetime(2026, 3, 29, 1, 15, tzinfo=UTC)


@contextlib.contextmanager
def seeded(now: datetime.datetime, blocker) -> Iterator[None]:
    """Seed once for all tests of a moment; each test undoes only what it did itself."""
    with blocker.unblock(), transaction.atomic():
        the_library()
        every_programme()
        seed_demo(now=now)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class", params=[NOON, SPRING_NIGHT], ids=["noon", "spring night"])
def now(request, django_db_setup, django_db_blocker) -> Iterator[datetime.datetime]:
    with seeded(request.param, django_db_blocker):
        yield request.param


def everything() -> list:
    rows = (Enrolment, DiaryEntry, Decision, Override, MessageOwed, Consent, User)
    return [sorted(model.objects.values_list("pk", flat=True)) for model in rows]


class TestTheDemonstration:
    def test_there_are_26_runners_and_a_second_run_adds_nothing(self, now):
        assert len(RUNNERS) == 26
        before = everything()
        assert seed_demo(now=now + datetime.timedelta(hours=1)) == 0
        assert everything() == before

    def test_it_shows_every_state_of_the_caseload(self, now):
        shown, stages = set(), set()
        for email in (PETRA, PAUL):
            page = caseload_page(clinician=User.objects.get(email=email), now=now)
            shown |= {row.need.code for row in page.rows}
            stages |= {row.stage_key for row in page.rows}
        # A runner who is set aside by an error would need faulty rows, and what is about to
        # happen tonight is gone by the next morning; tests make them.
        passing = {NeedCode.SET_ASIDE, NeedCode.WILL_PAUSE, NeedCode.WILL_STEP_BACK}
        assert set(NeedCode) - shown == passing
        assert stages == set(a_published_version().stage_documents)

    def test_its_physiotherapists_are_colleagues_and_one_of_them_leads(self, now):
        clinic = Clinic.objects.get()
        members = clinic.memberships.order_by("-is_lead").values_list("clinician__email", "is_lead")
        assert (clinic.name, list(members)) == ("Riverside Physiotherapy", [(PETRA, True), (PAUL, False)])

    def test_the_physiotherapists_side_has_something_of_everything(self, now):
        petra = User.objects.get(email=PETRA)
        rosa = Enrolment.objects.get(runner__email="rosa@rehab.example")
        sanna = Enrolment.objects.get(runner__email="sanna@rehab.example")
        carmen = Enrolment.objects.get(runner__email="carmen@rehab.example")
        assert rosa.clinical_notes.exists() and rosa.adjustments.get().kind == "dose"
        seen = rosa.read_marks.get(reader=petra).read_through
        assert rosa.shared_messages.filter(written_at__gt=seen).exclude(written_by=petra).count() == 1
        assert sanna.decisions.newest_first().first().rule == "D8P_SIGN_OFF"
        assert sanna.version.template.clinic == Clinic.objects.get()
        assert list(sanna.version.template.versions.values_list("status", flat=True)) == [
            "draft",
            "published",
        ]
        assert (carmen.status, carmen.discharge.outcome) == ("completed", "completed")
        assert petra.snoozes.get().need == "advised"

    def test_nothing_is_due_any_more_and_nobody_is_set_aside(self, now):
        assert not Enrolment.objects.due_for_close(now).exists()
        assert not Enrolment.objects.filter(failures__gt=0).exists()

    def test_every_decision_comes_from_its_inputs(self, now):
        report = LedgerReport()
        assert not list(verify_ledger(report))
        assert report.checked == Decision.objects.count() > 400

    def test_rosa_is_one_good_day_from_her_next_step(self, now):
        rosa = Enrolment.objects.get(runner__email="rosa@rehab.example")
        assert rosa.stage == "S3_run1_walk4"
        assert not DiaryEntry.objects.filter(enrolment=rosa, date=rosa.open_date).exists()

    def test_only_the_mails_of_the_last_day_are_owed(self, now):
        owed = MessageOwed.objects.filter(status="owed")
        assert {"reminder", "pause", "clinician_pause"} <= set(owed.values_list("kind", flat=True))
        assert owed.count() < 12
        assert not owed.filter(created_at__lt=now - datetime.timedelta(hours=24)).exists()

    def test_the_shown_sign_ins_open(self, now, settings):
        """With the code that the page shows, for those who need a second factor."""
        settings.DEMO = True
        for person in SIGN_INS:
            browser = Client()
            browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
            page = browser.get(reverse("mfa_authenticate"), follow=True).content.decode()
            shown = re.search(r"data-demonstration-code>(\d{6})<", page)
            assert bool(shown) is person.has_second_factor
            if shown:
                browser.post(reverse("mfa_authenticate"), {"code": shown[1]})
            assert browser.get(reverse("account")).status_code == 200

    def test_the_command_seeds_once(self, now, capsys):
        call_command("seed_demo", "--force")
        assert "nothing was changed" in capsys.readouterr().out


def test_somebody_real_is_left_alone(capsys):
    the_library()
    every_programme()
    real = an_enrolment(days_ago=3)
    call_command("seed_demo", "--force")
    assert "26 runners" in capsys.readouterr().out
    real.refresh_from_db()
    assert real.decided_through == real.started_on - datetime.timedelta(days=1)
    assert not real.decisions.exists()


def test_nothing_is_prepared_beside_people_whose_settings_were_lost(settings):
    a_runner("real@example.org")
    settings.DEMO = True
    with pytest.raises(CommandError, match="accounts of people and no demonstration"):
        call_command("prepare")
    assert User.objects.count() == 1
    settings.DEMO = False
    call_command("prepare")
    assert User.objects.count() == 1


def test_without_a_library_nothing_is_seeded():
    with pytest.raises(Refused, match="load_library"):
        seed_demo(now=NOON)
    assert not User.objects.exists()


def test_an_installation_for_real_people_is_refused(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("seed_demo")


@pytest.mark.parametrize("text", ["1/1/1", "calm", "1/1+2", "| 1/1 2/2", "jog*3"])
def test_a_diary_that_cannot_be_read_is_an_error(text):
    with pytest.raises((ValueError, KeyError)):
        read_script(text)
