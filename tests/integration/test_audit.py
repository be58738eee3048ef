"""Who saw or changed a runner's data: one row for each runner seen, by whoever lets somebody in."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Act
from accounts.models.base import FrozenRowError
from accounts.services import grant_consent, revoke_consent
from accounts.services.audit import record_access
from accounts.services.clinics import create_clinic, join_clinic
from accounts.services.covers import start_cover
from programs.models import Enrolment
from programs.services.delivery import deliver_due
from programs.services.diary import EntryValues
from tests.builders import QUIET, an_enrolment, an_entry, live, the_library
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
URGENT = EntryValues(morning=2, rest=3, red_flags=("FEVER_UNWELL",))
WHY = {"reason_code": "assessment", "reason": "Seen in clinic."}
ACTS = ["override_hold", "override_stage", "override_clear"]


@pytest.fixture
def petra():
    return a_clinician()


@pytest.fixture
def rosa(petra) -> Enrolment:
    """A runner of Petra's, paused; the record of how that came about is not looked at here."""
    return live(an_enrolment(a_runner(), clinician=petra, days_ago=2), QUIET, URGENT)


class Written:
    """What is written into the audit from here on."""

    def __init__(self) -> None:
        self.first = AccessRecord.objects.count()

    def rows(self) -> list[tuple]:
        rows = AccessRecord.objects.order_by("pk").values_list("runner__email", "actor__email", "act")
        return list(rows)[self.first :]


def petra_saw(act: str = Act.VIEW, runner: str = "rosa@example.org") -> tuple:
    return (runner, "petra@example.org", act)


# --- looks --------------------------------------------------------------------------
def test_a_caseload_leaves_one_row_for_each_runner_that_it_shows(petra, rosa):
    live(an_enrolment(a_runner("fay@example.org", "Fay Fine"), clinician=petra, days_ago=2), QUIET, QUIET)
    an_enrolment(a_runner("olga@example.org", "Olga Other"), clinician=a_clinician("paul@example.org"))
    written, browser = Written(), signed_in(petra)
    browser.get(reverse("caseload"))
    assert sorted(written.rows()) == [petra_saw(Act.LIST, "fay@example.org"), petra_saw(Act.LIST)]
    written = Written()
    browser.get(reverse("caseload"), {"q": "fay"})
    # The good news beside the list may name others; whoever stands on the page has a row.
    assert petra_saw(Act.LIST, "fay@example.org") in written.rows()
    assert len(written.rows()) == len(set(written.rows()))
    written = Written()
    page = browser.get(reverse("caseload"), {"q": "nobody of that name"}).content.decode()
    assert petra_saw(Act.LIST, "fay@example.org") not in written.rows()
    # What was decided since she last looked stands above the list, whatever she searches for.
    assert (petra_saw(Act.LIST) in written.rows()) == ("Rosa" in page)


@pytest.mark.parametrize("name", ["runner", *ACTS])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_of_a_runner_leaves_one_row(petra, rosa, name, method):
    written, browser = Written(), signed_in(petra)
    assert getattr(browser, method)(reverse(name, args=[rosa.public_id])).status_code == 200
    assert written.rows() == [petra_saw()]
    row = AccessRecord.objects.latest("pk")
    assert row.detail
    assert row.origin == "127.0.0.1"
    assert timezone.now() - row.at < datetime.timedelta(minutes=1)


def test_a_form_that_comes_back_with_errors_was_one_look_more_and_no_act(petra, rosa):
    written = Written()
    signed_in(petra).post(reverse("override_hold", args=[rosa.public_id]), {})
    assert written.rows() == [petra_saw()]


def test_a_page_that_breaks_after_the_door_was_a_look(petra, rosa, monkeypatch):
    def crash(**kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("programs.views.clinician.runner_page", crash)
    browser, written = signed_in(petra), Written()
    browser.raise_request_exception = False
    assert browser.get(reverse("runner", args=[rosa.public_id])).status_code == 500
    assert written.rows() == [petra_saw()]


def test_the_address_is_not_what_the_caller_says(petra, rosa):
    """Without a proxy that we trust, a header is somebody's word."""
    headers = {
        "x-forwarded-for": "198.51.100.7",
        "x-real-ip": "198.51.100.7",
        "forwarded": "for=198.51.100.7",
    }
    signed_in(petra).get(reverse("runner", args=[rosa.public_id]), headers=headers)
    assert AccessRecord.objects.latest("pk").origin == "127.0.0.1"


def test_who_is_not_let_in_has_seen_nothing(rosa):
    written, browser = Written(), signed_in(a_clinician("paul@example.org"))
    for name in ("runner", *ACTS):
        assert browser.get(reverse(name, args=[rosa.public_id])).status_code == 404
    assert written.rows() == []


def test_her_own_looks_leave_no_row(rosa):
    the_library()
    written, browser = Written(), signed_in(rosa.runner)
    names = (
        "today paused why check_in progress programme settings account access offer records something_wrong"
    )
    for name in names.split():
        assert browser.get(reverse(name)).status_code == 200, name
    record_access(runner_ids=[rosa.runner_id], actor=rosa.runner, act=Act.VIEW, detail="her own", now=NOW)
    assert written.rows() == []


# --- acts ---------------------------------------------------------------------------
def test_an_act_leaves_one_row_beside_that_of_its_form(petra, rosa):
    today = timezone.now().date().isoformat()
    sent = {
        "override_hold": {"until": today, **WHY},
        "override_stage": {"stage": "S2_core", "review_on": today, **WHY},
        "override_clear": {"assessed_by": "P. Physio", "assessed_on": today, **WHY},
    }
    browser = signed_in(petra)
    for name, form in sent.items():
        written = Written()
        answer = browser.post(reverse(name, args=[rosa.public_id]), form)
        assert answer.status_code == 302, name
        assert written.rows() == [petra_saw(), petra_saw(Act.OVERRIDE)]
        assert AccessRecord.objects.latest("pk").origin == "127.0.0.1"


def test_an_act_that_is_refused_leaves_no_row_of_an_act(petra, rosa):
    written = Written()
    far = (timezone.now() + 200 * DAY).date().isoformat()
    form = {"until": far, **WHY}
    assert signed_in(petra).post(reverse("override_hold", args=[rosa.public_id]), form).status_code == 200
    assert written.rows() == [petra_saw()]


# --- mails --------------------------------------------------------------------------
def test_a_mail_to_a_physiotherapist_leaves_one_row_when_it_is_sent(petra, mailoutbox):
    enrolment = an_enrolment(a_runner(), clinician=petra)
    written = Written()
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    assert written.rows() == []
    later = timezone.now() + DAY
    for _ in range(2):
        deliver_due(now=later)
    assert [mail.to for mail in mailoutbox].count([petra.email]) == 1
    assert written.rows() == [petra_saw(Act.MAIL)]


def test_a_mail_that_is_not_sent_leaves_no_row(petra, mailoutbox):
    enrolment = an_enrolment(a_runner(), clinician=petra)
    an_entry(enrolment, rest=2, red_flags=("FEVER_UNWELL",))
    revoke_consent(runner=enrolment.runner, clinician=petra, now=timezone.now())
    written = Written()
    deliver_due(now=timezone.now() + DAY)
    assert [mail.to for mail in mailoutbox] == [["rosa@example.org"]]
    assert written.rows() == []


# --- who has access -----------------------------------------------------------------
def test_every_change_of_access_leaves_one_row(petra):
    rosa, paul = a_runner(), a_clinician("paul@example.org", "Paul")
    clinic = create_clinic(name="Riverside", by=a_manager(), now=NOW)
    for person in (petra, paul):
        join_clinic(clinic=clinic, clinician=person, now=NOW)
    written = Written()
    grant_consent(runner=rosa, clinician=petra, now=NOW)
    grant_consent(runner=rosa, clinician=petra, now=NOW)
    start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + DAY, now=NOW)
    revoke_consent(runner=rosa, clinician=paul, now=NOW)
    revoke_consent(runner=rosa, clinician=paul, now=NOW)
    hers = ("rosa@example.org", None, Act.CONSENT)
    assert written.rows() == [hers, petra_saw(Act.CONSENT), hers]


def test_a_change_that_is_undone_leaves_no_row(petra):
    rosa = a_runner()
    written = Written()
    with pytest.raises(RuntimeError), transaction.atomic():
        grant_consent(runner=rosa, clinician=petra, now=NOW)
        raise RuntimeError("the rest failed")
    assert written.rows() == []


# --- the table ----------------------------------------------------------------------
@pytest.fixture
def row(petra) -> AccessRecord:
    record_access(runner_ids=[a_runner().pk], actor=petra, act=Act.VIEW, detail="a page", now=NOW)
    return AccessRecord.objects.get()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_accessrecord SET detail = 'nothing'",
        "UPDATE accounts_accessrecord SET actor_id = NULL",
        "DELETE FROM accounts_accessrecord",
    ],
)
def test_the_database_refuses_to_change_a_row(row, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert AccessRecord.objects.get().detail == "a page"


def test_nothing_in_the_code_changes_a_row_either(row):
    row.detail = "nothing"
    for change in (
        row.save,
        row.delete,
        AccessRecord.objects.all().delete,
        lambda: AccessRecord.objects.update(detail="nothing"),
    ):
        with pytest.raises(FrozenRowError):
            change()
    assert AccessRecord.objects.get().detail == "a page"
