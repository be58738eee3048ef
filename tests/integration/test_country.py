"""Whoever is abroad is told the numbers of where she is: on every page, in every mail, in the ledger."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from programs.models import Decision, Enrolment
from programs.services.delivery import deliver_due
from programs.services.diary import report_red_flags
from programs.services.errors import Refused
from programs.services.people import change_settings
from programs.services.verification import LedgerReport, verify_ledger
from tests.builders import an_enrolment, close_the_day, reloaded, the_library
from tests.support.people import a_runner, signed_in

pytestmark = pytest.mark.django_db
SETTINGS = {"time_zone": "UTC"}


def a_runner_in(country: str) -> User:
    runner = a_runner()
    User.objects.filter(pk=runner.pk).update(country=country)
    return User.objects.get(pk=runner.pk)


@pytest.fixture
def abroad() -> Enrolment:
    """A runner of a site in Britain who is in Austria."""
    the_library()
    return an_enrolment(a_runner_in("AT"))


def flagged(enrolment: Enrolment) -> Enrolment:
    now = timezone.now()
    report_red_flags(enrolment=enrolment, by=enrolment.runner, now=now, codes=("CE_SADDLE",))
    return reloaded(enrolment)


def test_she_chooses_it_in_her_settings(abroad):
    client = signed_in(abroad.runner)
    assert client.post(reverse("settings"), SETTINGS | {"country": "CN"}).status_code == 302
    assert reloaded(abroad).runner.country == "CN"
    assert client.get(reverse("settings")).context["form"].initial["country"] == "CN"
    assert client.post(reverse("settings"), SETTINGS | {"country": "QQ"}).status_code == 200
    assert reloaded(abroad).runner.country == "CN"


@pytest.mark.parametrize("name", ["something_wrong", "paused", "safety", "exercises", "today"])
def test_every_page_with_a_number_has_hers(abroad, name):
    page = signed_in(flagged(abroad).runner).get(reverse(name)).content.decode()
    assert "tel:144" in page and "tel:999" not in page


def test_without_a_programme_too():
    the_library()
    page = signed_in(a_runner_in("AT")).get(reverse("something_wrong")).content.decode()
    assert "tel:144" in page and "tel:999" not in page


def test_the_decision_names_her_number_and_stays_reproducible_when_she_moves(abroad):
    enrolment = flagged(abroad)
    row = Decision.objects.get()
    assert "call 144" in row.reason
    assert row.inputs["contacts"]["emergency_number"] == "144"
    enrolment.runner.country = "US"
    enrolment.runner.save()
    close_the_day(enrolment)
    assert list(verify_ledger(LedgerReport())) == []


def test_the_mail_of_a_pause_has_her_number(abroad):
    flagged(abroad)
    deliver_due(now=timezone.now())
    (sent,) = mail.outbox
    assert "CALL 144 NOW" in sent.body and "999" not in sent.body
    assert "tel:144" in sent.alternatives[0].content


def test_where_no_number_is_known_none_is_named(abroad):
    abroad.runner.country = "ZZ"
    abroad.runner.save()
    page = signed_in(flagged(abroad).runner).get(reverse("paused")).content.decode()
    assert "your local emergency number" in page and "tel:" not in page
    deliver_due(now=timezone.now())
    (sent,) = mail.outbox
    assert "CALL your local emergency number NOW" in sent.body and "tel:" not in sent.alternatives[0].content


def test_of_one_form_of_settings_all_is_kept_or_nothing(abroad):
    before = (abroad.runner.time_zone, abroad.runner.country, abroad.runner.keeps_home_time)
    with pytest.raises(Refused):
        change_settings(
            enrolment=abroad,
            time_zone="Asia/Tokyo",
            country="XX",
            keeps_home_time=True,
            now=timezone.now(),
        )
    kept = reloaded(abroad)
    assert (kept.runner.time_zone, kept.runner.country, kept.runner.keeps_home_time) == before
