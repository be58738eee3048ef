"""Pages that failed are counted: by all processes together, and also while the database is away."""

import datetime

import pytest
from django.db import OperationalError
from django.http import HttpResponse

from programs.models import JobHeartbeat
from programs.services import health, holds
from rehab import alarm, diagnosis_of_site, page_errors
from rehab.findings import Grade
from rehab.requests import Correlation
from tests.integration.test_probes import lines

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
METRIC = 'rehab_page_errors_total{status="%s"}'


@pytest.fixture(autouse=True)
def nothing_yet(monkeypatch):
    monkeypatch.setattr(page_errors, "_came", page_errors.Counter())


def answered(rf, path: str, status: int) -> None:
    Correlation(lambda request: HttpResponse(status=status))(rf.get(path))


def test_errors_of_ours_are_counted_by_status_and_nothing_else_is(rf, client):
    for path, status in [("/", 500), ("/week/", 503), ("/", 503), ("/", 200), ("/", 404), ("/healthz", 503)]:
        answered(rf, path, status)
    assert not JobHeartbeat.objects.exists(), "a page that fails writes nothing"
    page_errors.write_down(now=NOW)
    page_errors.write_down(now=NOW)
    found = lines(client)
    assert (found[METRIC % 500], found[METRIC % 503]) == ("1", "2")
    assert not [name for name in found if "job" in name and "pages" in name]


def test_a_second_process_adds_to_what_the_first_has_written(rf, client, monkeypatch):
    for _ in range(2):
        monkeypatch.setattr(page_errors, "_came", page_errors.Counter({500: 3}))
        page_errors.write_down(now=NOW)
    assert lines(client)[METRIC % 500] == "6"


def test_what_the_database_does_not_take_is_kept_and_written_once(rf, client, monkeypatch):
    def refuse(**_):
        raise OperationalError("away")

    answered(rf, "/", 503)
    with monkeypatch.context() as away:
        away.setattr(page_errors, "count_pages", refuse)
        alarm.look_once()
    alarm.look_once()
    alarm.look_once()
    assert lines(client)[METRIC % 503] == "1"


def test_a_page_that_raises_is_counted_where_it_is_answered(client, monkeypatch):
    def fail(request):
        raise LookupError("unforeseen")

    client.raise_request_exception = False
    monkeypatch.setattr("rehab.health.pulse", fail)
    monkeypatch.setattr(page_errors, "PROBES", frozenset())
    assert client.get("/healthz").status_code == 500
    assert page_errors._came == {500: 1}


def test_the_doctor_names_those_of_today(rf):
    answered(rf, "/", 500)
    page_errors.write_down(now=NOW)
    found = diagnosis_of_site.pages(NOW)
    assert (found.grade, "500, 1 so far" in found.text) == (Grade.WARNING, True)
    assert diagnosis_of_site.pages(NOW + datetime.timedelta(days=2)).grade is Grade.GOOD
    assert diagnosis_of_site.failing_jobs(NOW).grade is Grade.GOOD


def test_a_count_that_was_begun_and_not_written_is_no_page(client):
    """Its row comes first, and a process may end before the number."""
    JobHeartbeat.objects.create(name=f"{health.PAGES}500")
    assert diagnosis_of_site.pages(NOW).grade is Grade.GOOD
    assert lines(client)[METRIC % 500] == "0"


# --- what is no job ------------------------------------------------------------------------
def test_a_restore_is_told_by_a_figure_of_its_own_and_never_as_a_job_that_is_late(client):
    assert lines(client)["rehab_held"] == "0"
    holds.hold(note=holds.HELD, now=NOW)
    JobHeartbeat.objects.create(name=holds.RESTORED, beat_at=NOW)
    JobHeartbeat.objects.create(name="tick", beat_at=NOW)
    found = lines(client)
    assert found["rehab_held"] == "1"
    jobs = [name for name in found if name.startswith("rehab_job_heartbeat_age_seconds")]
    assert jobs == ['rehab_job_heartbeat_age_seconds{job="tick"}']
