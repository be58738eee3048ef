"""Dates that nobody means are refused by the service, whatever page or job they come through."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import User
from programs.engine.values import Refer
from programs.models import Enrolment, Override
from programs.services.diary import EntryValues
from programs.services.errors import Refused
from programs.services.overrides import clear_pause, hold_until, set_stage
from tests.builders import QUIET, an_enrolment, live, reloaded
from tests.support.people import a_clinician

pytestmark = pytest.mark.django_db
FAR = [datetime.date.max, datetime.date.min, datetime.date(1900, 1, 1)]
REASON = "Seen in clinic, moves freely."


def act(service, enrolment: Enrolment, by: User, **fields) -> None:
    service(enrolment=enrolment, by=by, now=timezone.now(), reason=REASON, **fields)


@pytest.fixture
def petra() -> User:
    return a_clinician()


@pytest.fixture
def emma(petra) -> Enrolment:
    return live(an_enrolment(clinician=petra, days_ago=2), QUIET)


@pytest.mark.parametrize("far", FAR)
def test_a_hold_has_a_near_end(emma, petra, far):
    with pytest.raises(Refused):
        act(hold_until, emma, petra, until=far)
    assert not Override.objects.exists()


@pytest.mark.parametrize("far", FAR)
def test_a_review_is_within_a_year(emma, petra, far):
    with pytest.raises(Refused):
        act(set_stage, emma, petra, stage="S2_core", review_on=far)
    assert not Override.objects.exists()


@pytest.mark.parametrize("far", [*FAR, "the day after tomorrow"])
@pytest.mark.parametrize("level", [Refer.URGENT, Refer.ROUTINE])
def test_an_assessment_has_happened(emma, petra, far, level):
    """An urgent pause asks for it; where it is given with another, it must be possible too."""
    if isinstance(far, str):
        far = timezone.now().date() + datetime.timedelta(days=2)
    paused = live(emma, EntryValues(morning=2, rest=2, red_flags=("FEVER_UNWELL",)))
    Enrolment.objects.filter(pk=paused.pk).update(refer=level)
    with pytest.raises(Refused):
        act(clear_pause, paused, petra, assessed_by="Dr Smith, GP", assessed_on=far)
    assert reloaded(paused).is_paused
