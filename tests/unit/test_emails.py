"""What the mails say, and what they keep to themselves."""

import html
import re

import pytest
from django.conf import settings
from django.urls import resolve

from programs import emails
from programs.emails import Content
from programs.models import MessageKind
from tests.support.mails_of_every_kind import (
    CHINESE,
    LINK,
    REASON,
    a_content,
    a_mail,
    a_row,
    html_of,
    is_to_a_clinician,
)

#: That of a red flag nobody has seen reads the case; its tests are in test_red_flag_cases.py.
WORDED = [kind for kind in emails.BUILDERS if kind != MessageKind.FLAG_UNSEEN]
KINDS = pytest.mark.parametrize("kind", WORDED)
LEVELS = pytest.mark.parametrize("level", ["routine", "urgent", "emergency"])
LANGUAGES = pytest.mark.parametrize("language", ["", CHINESE])
SAFETY = (MessageKind.PAUSE, MessageKind.CLINICIAN_PAUSE)
QUESTIONS = ("reminder", "nudge", "again", "morning_after", "silent")
HOSTILE = [
    "<b>Rosa</b>",
    '"><img src=x onerror=alert(1)>',
    "Rosa\r\nBcc: eve@example.org",
    "Rosa\u2028Call\u2029this number",
    "Ro\x00sa {{ settings.SECRET_KEY }} {% now 'Y' %}",
    "\u202eosaR",
]
#: A letter of each would name what a locked screen must not show.
TELLING = r"\d|run \d|walk|pain|back|leg|injur|rosa|clinic\b|physio|步行|疼|痛|腰|腿|伤|诊所|分"


def links_in(body: str) -> set[str]:
    return set(re.findall(r"https?://[^\s\"'<>]+", html.unescape(body)))


def test_every_kind_of_message_has_its_words():
    assert set(emails.BUILDERS) == set(MessageKind)


@KINDS
@LEVELS
@LANGUAGES
def test_a_subject_says_no_score_no_stage_and_no_injury(kind, level, language):
    subject = a_mail(kind, refer=level, language=language).subject
    assert subject
    assert not re.search(TELLING, subject, re.IGNORECASE)


@KINDS
@LANGUAGES
def test_every_mail_is_text_and_html_and_says_what_this_is_not(kind, language):
    mail = a_mail(kind, language=language)
    for body in (mail.body, html_of(mail)):
        assert language or "Not a medical device" in body
        assert f"{settings.SITE_URL}/" in body
        assert "{{" not in body and "{%" not in body
    assert mail.alternatives[0].mimetype == "text/html"


@KINDS
def test_every_mail_leads_to_where_its_mails_are_chosen(kind):
    mail = a_mail(kind)
    page = "/account/" if kind == MessageKind.CLINICIAN_PAUSE else "/settings/"
    for body in (mail.body, html_of(mail)):
        assert settings.SITE_URL + page in body


@KINDS
def test_every_mail_is_marked_as_automatic_and_carries_its_own_message_id(kind):
    headers = a_mail(kind).extra_headers
    assert headers["Message-ID"] == "<1@example.org>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert a_mail(kind).reply_to == []


@KINDS
def test_every_mail_but_those_about_safety_has_a_way_out(kind):
    mail = a_mail(kind)
    if kind in SAFETY:
        assert "List-Unsubscribe" not in mail.extra_headers
        assert "/m/u/" not in mail.body + html_of(mail)
        return
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail.body
    assert address in html_of(mail)


@KINDS
@LANGUAGES
def test_every_link_is_ours_and_leads_to_a_page_that_reads(kind, language):
    """Mail scanners open every link; opening must do nothing. Nothing comes from elsewhere."""
    body = html_of(a_mail(kind, language=language))
    links = {link for link in re.findall(r'href="([^"]+)"', body) if not link.startswith("tel:")}
    assert links
    for link in links - {LINK}:
        assert link.startswith(settings.SITE_URL)
        resolve(link.removeprefix(settings.SITE_URL) or "/")
    assert not [link for link in links if "?" in link]
    assert not re.search(r"<img|<script|<link|<iframe|@import|url\(|src=|background=", body, re.IGNORECASE)


@KINDS
def test_the_text_part_has_every_link_of_the_other(kind):
    mail = a_mail(kind)
    assert links_in(html_of(mail)) <= links_in(mail.body)


@KINDS
def test_a_mail_is_small_and_says_that_it_can_be_dark(kind):
    mail = a_mail(kind)
    assert len(mail.message().as_bytes()) < 100_000
    assert '<meta name="color-scheme" content="light dark">' in html_of(mail)
    assert "prefers-color-scheme: dark" in html_of(mail)


@KINDS
@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_brings_markup_or_a_line_of_its_own(kind, name):
    mail = a_mail(kind, name=name)
    assert "<b>Rosa" not in html_of(mail)
    assert "<img" not in html_of(mail)
    assert settings.SECRET_KEY not in mail.body + html_of(mail)
    lines = mail.body.splitlines()
    assert not [line for line in lines if line.startswith(("Bcc:", "Call\u2029this", "this number"))]
    assert len(mail.subject.splitlines()) == 1
    mail.message().as_bytes()


@pytest.mark.parametrize("kind", QUESTIONS)
def test_eleven_links_ask_for_one_number_each(kind):
    mail = a_mail(kind)
    for body in (mail.body, html_of(mail)):
        scores = re.findall(r"/m/s/17-[A-Za-z0-9_-]{22}/(\d+)/", body)
        assert sorted(map(int, scores)) == list(range(11))
        assert "0 is no pain" in body
        assert f"{settings.SITE_URL}/check-in/" in body
        assert "call 999" in body


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_test_mail_has_no_number_that_can_be_tapped_and_no_way_out(kind):
    content = a_content(kind)
    mail = a_mail(kind, content=Content(content.context, is_test=True))
    for body in (mail.body, html_of(mail)):
        assert "/m/" not in body
        assert "0 1 2 3 4 5 6 7 8 9 10" in body
        assert "test mail" in body


@pytest.mark.parametrize("kind", ["reminder", "nudge"])
def test_whoever_is_asked_may_be_asked_again(kind):
    assert "/m/a/17-" in a_mail(kind).body
    assert "/m/a/" not in a_mail(MessageKind.AGAIN).body


@pytest.mark.parametrize("kind", ["reminder", "nudge", "again"])
def test_the_question_comes_with_the_plan_of_its_date(kind):
    mail = a_mail(kind)
    for body in (mail.body, html_of(mail)):
        assert "Saturday 21 November" in body
        assert "A session day" in body
        assert "Run 1, walk 4" in body and "35 minutes" in body
    without = a_mail(kind, content=Content({"plan": None}))
    assert "plan" not in without.body


def test_the_morning_after_is_bound_to_its_two_dates():
    body = a_mail(MessageKind.MORNING_AFTER).body
    assert "session on Friday 20 November" in body
    assert "on waking on Saturday 21 November" in body


def test_a_week_is_counts_and_no_judgement():
    body = a_mail(MessageKind.WEEKLY).body
    assert "Check-ins: 5 of 7 days; 2 days not recorded" in body
    assert "Sessions: 2 done of 3 planned" in body
    assert "1 to 4 of 10, on average 2.4" in body
    assert not re.search(r"streak|well done|behind|only|should|missed", body, re.IGNORECASE)


def test_a_week_of_silence_is_asked_about_without_blame():
    body = a_mail(MessageKind.SILENT).body
    assert "You need do nothing" in body
    assert f"{settings.SITE_URL}/settings/leave/" in body


def test_what_a_physiotherapist_wrote_is_not_in_the_mail():
    body = a_mail(MessageKind.WRITTEN, reason="Rest the knee").body
    assert "knee" not in body
    assert f"{settings.SITE_URL}/today/" in body


@pytest.mark.parametrize("kind", ["digest", "reviews"])
def test_a_list_names_the_first_and_counts_the_others(kind):
    mail = a_mail(kind)
    for body in (mail.body, html_of(mail)):
        assert "RR" in body and "Worse after a session" in body and "Review due" in body
        assert "4 more runners on the list" in body
        assert f"{settings.SITE_URL}/caseload/" in body
        assert LINK in body


@pytest.mark.parametrize("kind", [MessageKind.ADVANCE, MessageKind.STEP_BACK, MessageKind.PAUSE])
def test_a_decision_comes_with_its_reason_to_the_letter(kind):
    mail = a_mail(kind)
    assert REASON in mail.body
    assert "“Two easy days” &amp; more" in html_of(mail)


@pytest.mark.parametrize("kind", [MessageKind.ADVANCE, MessageKind.STEP_BACK])
def test_a_change_names_the_step_that_comes(kind):
    assert "Run 1, walk 4" in a_mail(kind).body


@pytest.mark.parametrize("kind", [MessageKind.ADVANCE, MessageKind.STEP_BACK])
def test_a_change_names_no_step_where_the_page_holds_back(kind):
    mail = a_mail(kind, content=Content({"holds_back": True, "stage_title": "Run 1, walk 4"}))
    for body in (mail.body, html_of(mail)):
        assert "Run 1" not in body and "7/10" not in body
        assert "no session now" in body
        assert f"{settings.SITE_URL}/check-in/" in body


def test_an_advance_names_the_date_because_it_is_read_on_another_day():
    """The reason says "tomorrow", and is a day old when the mail is read."""
    body = a_mail(MessageKind.ADVANCE).body
    assert "From Sunday 22 November" in body
    assert "as it stood on Saturday 21 November" in body


def test_an_emergency_leads_with_what_to_do():
    mail = a_mail(MessageKind.PAUSE, refer="emergency")
    assert mail.body.strip().startswith("CALL 999 NOW")
    body = html_of(mail)
    assert body.index("Call 999 now") < body.index("programme is paused. Do no")
    assert 'href="tel:999"' in body


def test_an_urgent_pause_names_whom_to_ask_today():
    mail = a_mail(MessageKind.PAUSE, refer="urgent")
    assert "NHS 111 or your GP" in mail.body.splitlines()[0]
    assert "CALL" not in mail.body


@pytest.mark.parametrize(
    ("level", "words"), [("routine", "soon"), ("urgent", "urgent, today"), ("emergency", "emergency, now")]
)
def test_the_physiotherapist_reads_initials_and_how_pressing_and_nothing_else(level, words):
    mail = a_mail(MessageKind.CLINICIAN_PAUSE, refer=level)
    for body in (mail.body, html_of(mail)):
        assert "RR" in body
        assert words in body.lower()
        assert "Rosa" not in body
        assert "7/10" not in body
        assert "Run 1" not in body


def test_a_reason_cannot_bring_markup_nor_lines():
    mail = a_mail(MessageKind.STEP_BACK, reason='Petra asked: “<img src="x">\n\nhttp://evil.example & rest”')
    assert "<img" not in html_of(mail)
    assert '<img src="x"> http://evil.example & rest' in mail.body


@KINDS
def test_only_who_it_is_about_is_told_by_name(kind):
    if is_to_a_clinician(kind):
        assert "Rosa" not in a_mail(kind).body


def test_a_mail_worded_from_another_is_the_one_that_it_would_have_been(monkeypatch):
    """Reminders of one evening share their words; each has its own name and its own links."""
    monkeypatch.setattr("programs.emails.skeletons._kept", {})
    names = ("Rosa", "<b>Rune</b> {{ name }}", "Ria")
    shared = [a_mail("reminder", name=name) for name in names]
    for name, mail in zip(names, shared, strict=True):
        monkeypatch.setattr("programs.emails.skeletons._kept", {})
        alone = a_mail("reminder", name=name)
        assert (mail.body, html_of(mail)) == (alone.body, html_of(alone))
        assert f"Hello {name.split()[0]}," in mail.body


def test_a_mail_is_never_worded_from_one_of_another_plan_date_or_language():
    plain = a_mail("reminder", content=Content({"plan": None}))
    planned = a_mail("reminder")
    assert "35 minutes" in planned.body and "35 minutes" not in plain.body
    assert a_mail("reminder", language=CHINESE).body != planned.body
    assert "/m/" not in a_mail("reminder", content=Content(is_test=True)).body


@pytest.mark.parametrize("kind", ["digest", "reviews"])
def test_the_longest_list_is_small_enough(kind):
    rows = [a_row("Rosa-Maria " * 15, "Woke with 6/10 yesterday; usually 2. " * 8)] * 30
    mail = a_mail(kind, content=Content(a_content(kind).context | {"rows": rows}))
    assert len(mail.message().as_bytes()) < 100_000
