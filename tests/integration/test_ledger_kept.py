"""Entries of the ledger are kept by their rows: what is shown is what a process shows that keeps nothing."""

import pytest
from django.urls import reverse

from accounts.kept import forget_all
from programs.models import Decision
from programs.selectors import ledger
from programs.services.overrides import hold_until
from tests.integration.story import QUIET, RUN, Story
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db
DAYS = 5


@pytest.fixture
def held() -> Story:
    """Days that were closed, and a hold by a physiotherapist."""
    story = Story()
    physio = story.seen_by()
    for day, said in enumerate((RUN, QUIET, RUN, QUIET), start=1):
        story.log(day, **said)
        story.close(day)
    hold_until(
        enrolment=story.enrolment, by=physio, now=story.at(DAYS), until=story.date(9), reason="A sore heel"
    )
    story.close(DAYS)
    return story


def shown(story: Story, **asked: str) -> str:
    """The page, the same from a process that has met none of these rows."""
    browser, asked = signed_in(story.runner), {"show": "every-day"} | asked
    html = _changes(browser, asked)
    assert html == _changes(browser, asked)
    forget_all()
    assert html == _changes(browser, asked)
    return html


def _changes(browser, asked: dict[str, str]) -> str:
    return browser.get(reverse("progress"), asked).content.decode().partition('id="changes"')[2]


def test_the_same_entries_are_made_once(held, time_machine, monkeypatch):
    time_machine.move_to(held.at(6), tick=False)
    shown(held)
    made = []
    entry = ledger._Book.entry
    monkeypatch.setattr(ledger._Book, "entry", lambda *args: made.append(args) or entry(*args))
    shown(held, page="1")
    assert len(made) == Decision.objects.filter(enrolment=held.enrolment).count()


def test_another_name_of_who_decided_is_shown_at_once(held, time_machine):
    time_machine.move_to(held.at(6), tick=False)
    assert f"by {held.clinician.name}" in shown(held)
    held.clinician.name = "Petra of Another Name"
    held.clinician.save(update_fields=["name"])
    assert "by Petra of Another Name" in shown(held)


def test_a_correction_marks_the_entry_that_it_replaces_at_once(time_machine):
    story = Story()
    story.live(1, [RUN, RUN, RUN, RUN, QUIET])
    time_machine.move_to(story.at(6), tick=False)
    assert "A later correction of the diary replaced this" not in shown(story)
    story.log(3, now=story.at(6), **{**RUN, "during": 5})
    assert "A later correction of the diary replaced this" in shown(story)


def test_dates_and_words_are_those_of_the_runner_as_she_reads_now(held, time_machine):
    time_machine.move_to(held.at(6), tick=False)
    english = shown(held)
    held.runner.time_zone = "Pacific/Auckland"
    held.runner.save(update_fields=["time_zone"])
    assert shown(held) != english
    held.runner.language = "zh-hans"
    held.runner.save(update_fields=["language"])
    assert "A physiotherapist acted" in english
    assert "A physiotherapist acted" not in shown(held)


def test_on_another_day_a_process_that_serves_runners_only_keeps_nothing_of_before(held, time_machine):
    time_machine.move_to(held.at(6), tick=False)
    shown(held)
    assert len(ledger._kept) > 1
    time_machine.move_to(held.at(7), tick=False)
    browser = signed_in(held.runner)
    browser.get(reverse("progress"), {"show": "changes"})
    made_today = len(ledger._kept)
    forget_all()
    browser.get(reverse("progress"), {"show": "changes"})
    assert made_today == len(ledger._kept)
