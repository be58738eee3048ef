"""Pages that fill parts into templates show what people typed as text, whatever it looks like."""

import datetime

import pytest
from django.urls import reverse
from django.utils.html import escape

from programs.services.overrides import hold_until
from tests.integration.story import QUIET, RUN, Story
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db

NAME = "<b onclick='a(1)'>\x22Eva\x22 {0} %s {{ x }}"
REASON = "<script>a(2)</script> \\1 {% now %} {label} & so"
AS_TAGS = ("<b onclick", "<script>a(2)")


@pytest.fixture
def held() -> Story:
    story = Story()
    physio = story.seen_by()
    physio.name = NAME
    physio.save(update_fields=["name"])
    for day, said in enumerate((RUN, QUIET, RUN, QUIET), start=1):
        story.log(day, **said)
        story.close(day)
    until = story.date(9)
    hold_until(enrolment=story.enrolment, by=physio, now=story.at(5), until=until, reason=REASON)
    story.close(5)
    return story


def test_the_runner_reads_names_and_reasons_as_they_were_typed(held, time_machine):
    time_machine.move_to(held.at(6), tick=False)
    browser = signed_in(held.runner)
    html = browser.get(reverse("progress"), {"days": "every", "every_day": "1"}).content.decode()
    assert escape(REASON) in html
    assert escape(NAME) in html
    assert not any(tag in html for tag in AS_TAGS)
    html = browser.get(reverse("today")).content.decode()
    assert not any(tag in html for tag in AS_TAGS)


def test_the_physiotherapist_reads_the_name_of_a_runner_as_it_was_typed(held, time_machine):
    held.runner.name = NAME
    held.runner.save(update_fields=["name"])
    time_machine.move_to(held.at(6) + datetime.timedelta(minutes=5), tick=False)
    browser = signed_in(held.clinician)
    for address in (reverse("caseload"), reverse("runner", args=[held.enrolment.public_id])):
        html = browser.get(address).content.decode()
        assert escape(NAME) in html, address
        assert not any(tag in html for tag in AS_TAGS), address
