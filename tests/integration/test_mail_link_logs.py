"""No token of a link in a mail stands in the log, whatever becomes of the request."""

import io
import logging

import pytest
from django.test import Client

from programs.views import one_tap
from rehab.logs import OneLine
from tests.integration.story import Story
from tests.support.mail_links import a_mail, all_links, tap

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(time_machine) -> Story:
    story = Story()
    time_machine.move_to(story.at(1), tick=False)
    return story


@pytest.fixture
def log():
    """Everything that is logged, as the site writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine("%(levelname)s %(name)s %(message)s"))
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "django.security")]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield written
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def digests(links: list[str]) -> set[str]:
    """The part of each address that nobody can guess."""
    return {link.split("/")[3].partition("-")[2] for link in links}


def test_pages_that_are_there_gone_refused_or_broken_name_no_token(story, log, monkeypatch, time_machine):
    message = a_mail(story.enrolment, story.date(1))
    links = all_links(message)
    browser = Client(raise_request_exception=False)
    for link in links:
        browser.get(link)
        browser.put(link)
        browser.get(link.rstrip("/"))
        browser.post(link, "{}", content_type="application/json")
        browser.get(f"{link}%00")
        browser.get(link, headers={"Referer": f"https://rehab.example{link}"})
    time_machine.move_to(story.at(9), tick=False)
    for link in links:
        browser.get(link)
        browser.post(link)
        browser.get(link.replace("/m/", "/n/"))
    monkeypatch.setattr(one_tap, "tap_page", _broken)
    assert browser.get(tap(message, 4)).status_code == 500
    text = log.getvalue()
    for said in ("404 GET", "405 PUT", "415 POST", "500 GET"):
        assert f"{said} /m/s/[token]/<int:score>/" in text
    assert "Not Found: /n/s/[token]/4/" in text
    assert "ValueError: [left out]" in text
    assert not [digest for digest in digests(links) if digest in text]


def _broken(*, token: str, now) -> None:
    """As a library does whose error says what it was given."""
    raise ValueError(f"what is /m/s/{token}/4/?")
