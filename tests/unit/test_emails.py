"""What the five mails say, and what they keep to themselves."""

import datetime
import re

import pytest
from django.conf import settings

from accounts.models import Role, User
from programs import emails
from programs.emails import email_for
from programs.models import Decision, Enrolment, MessageKind, MessageOwed, ProgrammeVersion

DATE = datetime.date(2026, 11, 21)
VERSION = ProgrammeVersion(
    number=1, document={"stages": [{"key": "S3", "title": "Run 1, walk 4"}, {"key": "S4", "title": "Run 2"}]}
)
REASON = "Pain reached 7/10 during the session, above the limit of 5. “Two easy days” & more."
#: That of a red flag nobody has seen reads the case; its tests are in test_red_flag_cases.py.
#: Kinds whose words are written.
_NEW = {"morning_after", "nudge", "again", "weekly", "silent", "written", "digest", "reviews"}
WORDED = [kind for kind in emails.BUILDERS if kind != MessageKind.FLAG_UNSEEN and kind not in _NEW]
KINDS = pytest.mark.parametrize("kind", WORDED)
LEVELS = pytest.mark.parametrize("level", ["routine", "urgent", "emergency"])


def mail_of(kind: str, *, refer: str = "routine", name: str = "Rosa Runner", reason: str = REASON):
    rosa = User(email="rosa@example.org", name=name)
    petra = User(email="petra@example.org", name="Petra Physio", role=Role.CLINICIAN)
    decision = Decision(
        date=DATE,
        takes_effect_on=DATE + datetime.timedelta(days=1),
        stage_before="S4",
        stage_after="S3",
        refer=refer,
        reason=reason,
        version=VERSION,
    )
    message = MessageOwed(
        recipient=petra if kind == MessageKind.CLINICIAN_PAUSE else rosa,
        enrolment=Enrolment(runner=rosa, version=VERSION),
        kind=kind,
        local_date=DATE,
        level=refer,
        decision=None if kind == MessageKind.REMINDER else decision,
        message_id="<1@example.org>",
    )
    return email_for(message)


def html_of(mail) -> str:
    return mail.alternatives[0].content


@KINDS
@LEVELS
def test_a_subject_says_no_score_no_stage_and_no_injury(kind, level):
    subject = mail_of(kind, refer=level).subject
    assert subject
    assert not re.search(r"\d|run \d|walk|pain|back|leg|injur|rosa", subject, re.IGNORECASE)


@KINDS
def test_every_mail_is_text_and_html_and_says_what_this_is_not(kind):
    mail = mail_of(kind)
    for body in (mail.body, html_of(mail)):
        assert "Not a medical device" in body
        assert f"{settings.SITE_URL}/" in body
    assert mail.alternatives[0].mimetype == "text/html"


@KINDS
def test_every_mail_leads_to_where_its_mails_are_chosen(kind):
    mail = mail_of(kind)
    page = "/account/" if kind == MessageKind.CLINICIAN_PAUSE else "/settings/"
    for body in (mail.body, html_of(mail)):
        assert settings.SITE_URL + page in body


@KINDS
def test_every_mail_is_marked_as_automatic_and_carries_its_own_message_id(kind):
    headers = mail_of(kind).extra_headers
    assert headers["Message-ID"] == "<1@example.org>"
    assert headers["Auto-Submitted"] == "auto-generated"


@KINDS
def test_every_link_is_ours_and_names_only_pages_that_read(kind):
    """Mail scanners open every link; opening must do nothing."""
    links = set(re.findall(r'href="([^"]+)"', html_of(mail_of(kind))))
    assert links
    assert not [link for link in links if not link.startswith(settings.SITE_URL)]
    assert not [link for link in links if "?" in link]


def test_the_reminder_leads_to_the_check_in():
    mail = mail_of(MessageKind.REMINDER)
    assert f"{settings.SITE_URL}/check-in/" in mail.body
    assert "Saturday 21 November" in mail.body


@pytest.mark.parametrize("kind", [MessageKind.ADVANCE, MessageKind.STEP_BACK, MessageKind.PAUSE])
def test_a_decision_comes_with_its_reason_to_the_letter(kind):
    mail = mail_of(kind)
    assert REASON in mail.body
    assert "“Two easy days” &amp; more" in html_of(mail)


@pytest.mark.parametrize("kind", [MessageKind.ADVANCE, MessageKind.STEP_BACK])
def test_a_change_names_the_step_that_comes(kind):
    assert "Run 1, walk 4" in mail_of(kind).body


def test_an_advance_names_the_date_because_it_is_read_on_another_day():
    """The reason says "tomorrow", and is a day old when the mail is read."""
    body = mail_of(MessageKind.ADVANCE).body
    assert "From Sunday 22 November" in body
    assert "as it stood on Saturday 21 November" in body


def test_an_emergency_leads_with_what_to_do():
    mail = mail_of(MessageKind.PAUSE, refer="emergency")
    assert mail.body.strip().startswith("CALL 999 NOW")
    html = html_of(mail)
    assert html.index("Call 999 now") < html.index("programme is paused. Do no")
    assert 'href="tel:999"' in html


def test_an_urgent_pause_names_whom_to_ask_today():
    mail = mail_of(MessageKind.PAUSE, refer="urgent")
    assert "NHS 111 or your GP" in mail.body.splitlines()[0]
    assert "CALL" not in mail.body


@pytest.mark.parametrize(
    ("level", "words"), [("routine", "soon"), ("urgent", "urgent, today"), ("emergency", "emergency, now")]
)
def test_the_physiotherapist_reads_initials_and_how_pressing_and_nothing_else(level, words):
    mail = mail_of(MessageKind.CLINICIAN_PAUSE, refer=level)
    for body in (mail.body, html_of(mail)):
        assert "RR" in body
        assert words in body.lower()
        assert "Rosa" not in body
        assert "7/10" not in body
        assert "Run 1" not in body


def test_a_reason_cannot_bring_markup():
    mail = mail_of(MessageKind.STEP_BACK, reason='Petra asked: “<img src="x"> & rest”')
    assert "<img" not in html_of(mail)
    assert '<img src="x"> & rest' in mail.body


def test_the_name_in_a_greeting_is_text_and_no_markup():
    mail = mail_of(MessageKind.REMINDER, name="<b>Rosa</b>")
    assert "<b>" not in html_of(mail)
