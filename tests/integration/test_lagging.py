"""Physiotherapists are told where days of their runners are over and not decided, and only then."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.models import Enrolment, EnrolmentStatus
from tests.builders import QUIET, an_enrolment, live, reloaded
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
SAID = "Not evaluated since"
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def petra():
    return a_clinician()


def of(petra, name: str = "Rosa", **fields) -> Enrolment:
    runner = a_runner(email=f"{name.lower()}@example.org", name=name)
    return live(an_enrolment(runner, clinician=petra, days_ago=1, **fields), QUIET)


def late(enrolment: Enrolment, minutes: int, **fields) -> Enrolment:
    closes_at = timezone.now() - minutes * MINUTE
    Enrolment.objects.filter(pk=enrolment.pk).update(closes_at=closes_at, **fields)
    return reloaded(enrolment)


def pages_of(petra, enrolment: Enrolment) -> list[str]:
    """The list and the page of the runner, each without its line breaks."""
    client = signed_in(petra)
    answers = [client.get(path) for path in ("/caseload/", f"/runners/{enrolment.public_id}/")]
    assert [answer.status_code for answer in answers] == [200, 200]
    return [re.sub(r"\s+", " ", answer.content.decode()) for answer in answers]


def test_both_pages_say_since_when_nobody_decides(petra, settings):
    enrolment = late(of(petra), settings.REHAB_ALARM_MINUTES + 1)
    since = f"{SAID} {enrolment.decided_through:%A} {enrolment.decided_through.day}"
    for page in pages_of(petra, enrolment):
        (notice,) = re.findall(r'<div class="notice tone-hold" role="status">.*?</div>', page)
        assert since in notice
        assert "No step changes by itself meanwhile; a warning sign still pauses at once." in notice


def test_nothing_is_said_while_the_site_is_on_time(petra, settings):
    enrolment = of(petra)
    assert not any(SAID in page for page in pages_of(petra, enrolment))
    late(enrolment, settings.REHAB_ALARM_MINUTES - 1)
    assert not any(SAID in page for page in pages_of(petra, enrolment))


def test_whom_an_error_set_aside_or_who_left_makes_no_site_late(petra):
    aside, left = late(of(petra), 600, failures=2), of(petra, "Lea")
    late(left, 600, status=EnrolmentStatus.COMPLETED)
    assert not any(SAID in page for page in pages_of(petra, aside))
    assert SAID not in pages_of(petra, left)[1]


def test_the_list_counts_everybody_also_behind_a_filter(petra):
    rosa, lea = late(of(petra), 60), late(of(petra, "Lea"), 90)
    earlier = lea.decided_through - datetime.timedelta(days=2)
    late(lea, 90, decided_through=earlier)
    of(petra, "Ida")
    assert "It concerns 2 runners on your list." in pages_of(petra, rosa)[0]
    filtered = signed_in(petra).get("/caseload/", {"q": "Ida"}).content.decode()
    assert "It concerns 2 runners on your list." in filtered
    assert f"{SAID} {earlier:%A} {earlier.day}" in filtered


def test_somebody_elses_runners_are_not_counted(petra):
    late(of(a_clinician(email="paul@example.org"), "Lea"), 600)
    assert SAID not in pages_of(petra, of(petra))[0]


def test_the_notice_asks_the_database_nothing(petra):
    enrolment, found = of(petra), []
    client = signed_in(petra)
    for minutes in (-600, 600):
        late(enrolment, minutes)
        client.get("/caseload/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get("/caseload/").content.decode()
        found.append((SAID in page, len(queries)))
    assert [said for said, _ in found] == [False, True]
    assert found[0][1] == found[1][1]
