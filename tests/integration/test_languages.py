"""Which language a page and a mail are in, who chooses it, and that no English is left on a Chinese page."""

import datetime
import functools
import html
import re

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.emails import words_of
from accounts.models import AccountMail, Language, User
from accounts.services.asks import ask_runner
from accounts.services.consents import grant_consent
from accounts.services.people import choose_language, sign_up
from programs.diary_words import SITE_CHOICES, SITES
from programs.emails import email_for
from programs.library.loader import SOURCE
from programs.models import MessageKind, MessageOwed
from programs.selectors.sheet import sheet_of
from programs.services.diary import report_red_flags
from tests.builders import COMFORTABLE, QUIET, an_enrolment, an_entry, live, shipped, the_library
from tests.support.people import a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 6, 20, 12, 0, tzinfo=datetime.UTC)
CHINESE = Language.CHINESE
#: Asked for by a browser whose owner reads Chinese first.
ASKS_CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def chinese(user: User) -> User:
    choose_language(user=user, language=CHINESE)
    user.refresh_from_db()
    return user


def language_of(response) -> str:
    return re.search(r'<html lang="([^"]+)"', response.content.decode())[1]


# --- words that mean two things ------------------------------------------------------------
def test_no_place_of_pain_reads_like_the_way_back():
    with translation.override(CHINESE):
        said = {str(words) for words in (*SITES.values(), *SITE_CHOICES.values())}
    assert "返回" not in said and "腰背" in said


def test_the_sheet_names_the_service_of_the_day_in_chinese():
    enrolment = an_enrolment(stage="S3_run1_walk4")
    with translation.override(CHINESE):
        emergency = " ".join(sheet_of(enrolment=enrolment, today=NOON.date()).emergency)
    assert "111" in emergency and "GP" not in emergency


# --- who chooses ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", "en-GB"),
        ("en-US,en;q=0.9", "en-GB"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("fr-FR,fr", "en-GB"),
        ("xx;q=nonsense,,", "en-GB"),
        ("zh;q=nan, en;q=0.1", "en-GB"),
        ("en;q=0.3, zh;q=0.7", "zh-Hans"),
        ("zh;q=0, fr", "en-GB"),
        ("," * 100_000 + "zh", "en-GB"),
        ("-" * 100_000, "en-GB"),
    ],
)
def test_a_stranger_reads_what_her_browser_asks_for(asked, shown):
    response = signed_in(None).get("/", headers={"Accept-Language": asked})
    assert language_of(response) == shown
    assert response.headers["Content-Language"].lower() == shown.lower()
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in response.headers["Vary"].split(",")}


def test_a_choice_counts_more_than_the_browser():
    browser = signed_in(None)
    response = browser.post(reverse("language"), {"language": "zh-hans"})
    assert (response.status_code, response.url) == (302, "/")
    cookie = response.cookies["language"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert language_of(browser.get("/", headers={"Accept-Language": "en"})) == "zh-Hans"


def test_the_account_counts_more_than_the_cookie_and_goes_with_her_everywhere():
    rosa = a_runner()
    first = signed_in(rosa)
    first.post(reverse("language"), {"language": "zh-hans"})
    assert User.objects.get(pk=rosa.pk).language == CHINESE
    elsewhere = signed_in(rosa)
    elsewhere.cookies["language"] = "en-gb"
    assert language_of(elsewhere.get(reverse("account"))) == "zh-Hans"


def test_a_language_that_we_do_not_have_is_refused():
    rosa = a_runner()
    response = signed_in(rosa).post(reverse("language"), {"language": "xx"})
    assert response.status_code == 200
    assert User.objects.get(pk=rosa.pk).language == ""


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_way_back_leads_to_our_own_pages_only(way):
    response = signed_in(None).post(reverse("language"), {"language": "zh-hans", "next": way})
    assert response.url == "/"


def test_the_way_back_is_the_page_that_she_came_from():
    page = signed_in(None).get(reverse("language"), headers={"Referer": "http://testserver/safety"})
    assert 'name="next" value="/safety"' in page.content.decode()
    response = signed_in(None).post(reverse("language"), {"language": "en-gb", "next": "/safety"})
    assert response.url == "/safety"


@pytest.mark.parametrize("name", ["home", "safety", "account_login", "account_signup"])
def test_the_choice_is_on_every_page_for_strangers_in_both_languages(name):
    text = signed_in(None).get(reverse(name)).content.decode()
    assert reverse("language") in text
    assert "English" in text and "简体中文" in text


def test_one_answer_leaves_no_language_behind_for_the_next():
    browser = signed_in(None)
    browser.get("/", headers=ASKS_CHINESE)
    assert translation.get_language() == "en-gb"


def test_an_error_page_is_in_the_language_too():
    response = signed_in(None).get("/no-such-page", headers=ASKS_CHINESE)
    assert response.status_code == 404
    assert language_of(response) == "zh-Hans"
    assert "没有这个页面" in response.content.decode()


def test_whoever_signs_up_in_chinese_is_written_to_in_chinese():
    asked_for = {"email": "wei@example.org", "name": "Wei", "password": "!", "time_zone": "Asia/Shanghai"}
    assert sign_up(**asked_for, language="zh-hans").language == CHINESE
    assert sign_up(**asked_for | {"email": "rosa@example.org"}).language == ""


# --- mails ---------------------------------------------------------------------------------
def a_message(kind: str, language: str, decision=None) -> MessageOwed:
    enrolment = decision.enrolment if decision else an_enrolment(a_runner())
    choose_language(user=enrolment.runner, language=language) if language else None
    enrolment.runner.refresh_from_db()
    return MessageOwed(
        recipient=enrolment.runner,
        enrolment=enrolment,
        kind=kind,
        local_date=NOON.date(),
        decision=decision,
        message_id="<1@example.org>",
    )


def test_a_reminder_is_in_the_language_of_its_recipient():
    the_library()
    with translation.override("en-gb"):
        mail = email_for(a_message(MessageKind.REMINDER, "zh-hans"))
    assert mail.subject == "您的每日打卡"
    assert "6月20日 星期六" in mail.body
    assert '<html lang="zh-Hans">' in mail.alternatives[0].content


def test_a_job_that_knows_no_browser_writes_in_the_language_of_the_site():
    the_library()
    with translation.override("zh-hans"):
        mail = email_for(a_message(MessageKind.REMINDER, ""))
    assert mail.subject == "Your daily check-in"


def test_the_reason_in_a_mail_is_said_with_its_numbers():
    the_library()
    enrolment = live(an_enrolment(a_runner()), QUIET, COMFORTABLE)
    decision = enrolment.decisions.order_by("-date").first()
    decision.reason = (
        "Pain reached 7/10 during the session, above the limit of 5. Two easy days, then back one "
    )
    decision.reason += "step to A step of ours."
    mail = email_for(a_message(MessageKind.STEP_BACK, "zh-hans", decision))
    assert "训练中疼痛达到 7/10，超过了 5 的界限。" in mail.body
    assert "A step of ours" in mail.body


def test_an_account_mail_is_in_the_language_of_its_recipient():
    rosa = chinese(a_runner())
    words = words_of("access_taken", {"recipient": rosa, "clinician": a_clinician(), "link": "http://x/"})
    assert words.subject == "有人使用了您的授权码"
    assert "Petra Physio" in words.text


def test_an_invitation_to_an_address_is_in_the_language_of_the_page():
    petra = a_clinician()
    with translation.override("zh-hans"):
        ask_runner(clinician=petra, email="new@example.org", now=NOON)
    assert AccountMail.objects.get(email="new@example.org").subject == "一位物理治疗师邀请您"


# --- nothing left in English -----------------------------------------------------------------
#: Names and signs that are the same in Chinese.
ALLOWED = {
    *("Rehab", "English", "Rosa", "Runner", "Petra", "Physio", "example", "Europe", "London", "JavaScript"),
    *("rosa", "petra", "Asia", "Shanghai", "PSFS", "delete", "manage", "library"),
}
OF_A_RUNNER = (
    *("today", "check_in", "why", "settings", "progress", "something_wrong", "account", "language", "week"),
    *("programme", "programmes", "exercises", "self_care", "access", "offer", "records", "my_data", "safety"),
    *(
        "my_data_download",
        "my_data_delete",
        "account_name",
        "account_email",
        "mfa_index",
        "usersessions_list",
    ),
)
OF_A_STRANGER = ("home", "safety", "account_login", "account_signup", "account_reset_password", "language")
OF_A_CLINICIAN = ("caseload", "asks", "code", "my_clinic", "covers", "hand_overs", "account", "programmes")


@functools.cache
def of_sources() -> set[str]:
    """Papers and guidelines are cited by the titles that they have."""
    titles = " ".join(document.content["title"] for document in shipped().of_kind(SOURCE).values())
    return set(re.findall(r"[A-Za-z]{4,}", titles))


def english_of(response) -> set[str]:
    """Words of four letters and more that somebody would see or hear."""
    text = re.sub(r"(?s)<(script|style|svg|option)\b.*?</\1>|<!--.*?-->", " ", response.content.decode())
    text = re.sub(r'(?s)<([a-z]+)[^>]* lang="en-GB"[^>]*>.*?</\1>', " ", text)
    spoken = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', text)
    text = html.unescape(re.sub(r"<[^>]+>", " ", text) + " ".join(spoken))
    text = re.sub(r"\S+@\S+|https?://\S+|\S+\.ya?ml", " ", text)
    return set(re.findall(r"[A-Za-z]{4,}", text)) - ALLOWED - of_sources()


def a_chinese_runner():
    the_library()
    enrolment = live(an_enrolment(chinese(a_runner()), days_ago=6), *[QUIET, COMFORTABLE] * 3)
    an_entry(enrolment, rest=2)
    return enrolment.runner


@pytest.mark.parametrize("name", OF_A_RUNNER)
def test_no_english_is_left_on_a_page_of_a_runner(name):
    response = signed_in(a_chinese_runner()).get(reverse(name))
    assert response.status_code == 200
    assert language_of(response) == "zh-Hans"
    assert english_of(response) == set()


PAUSED = ("today", "paused", "why", "progress", "something_wrong", "check_in", "week", "self_clear")


@pytest.mark.parametrize("name", PAUSED)
def test_no_english_is_left_while_the_programme_is_paused(name):
    runner = a_chinese_runner()
    enrolment = runner.enrolments.get()
    report_red_flags(enrolment=enrolment, by=runner, now=NOON, codes=["CE_SADDLE"])
    # The codes of rules are names.
    page = english_of(signed_in(runner).get(reverse(name)))
    assert {word for word in page if not word.isupper()} == set()


@pytest.mark.parametrize("args", [("cat_cow",), ("deadlift",), ("superman_little_swallow",)])
def test_no_english_is_left_on_the_page_of_an_exercise(args):
    assert english_of(signed_in(a_chinese_runner()).get(reverse("exercise", args=args))) == set()


@pytest.mark.parametrize("sent", [{"rest": "99", "session": "done"}, {}])
def test_what_is_wrong_with_a_form_is_said_in_the_language_too(sent):
    assert english_of(signed_in(a_chinese_runner()).post(reverse("check_in"), sent)) == set()


@pytest.mark.parametrize("name", ["override_hold", "override_stage", "override_clear"])
def test_no_english_is_left_on_the_acts_of_a_physiotherapist(name):
    runner, petra = a_chinese_runner(), chinese(a_clinician())
    grant_consent(runner=runner, clinician=petra, now=NOON)
    page = signed_in(petra).get(reverse(name, args=[runner.enrolments.get().public_id]))
    # The codes of rules are names.
    assert {word for word in english_of(page) if not word.isupper()} == set()


@pytest.mark.parametrize("name", OF_A_STRANGER)
def test_no_english_is_left_on_a_page_of_a_stranger(name):
    assert english_of(signed_in(None).get(reverse(name), headers=ASKS_CHINESE)) == set()


@pytest.mark.parametrize("name", OF_A_CLINICIAN)
def test_no_english_is_left_on_a_page_of_a_physiotherapist(name):
    the_library()
    petra = chinese(a_clinician())
    assert english_of(signed_in(petra).get(reverse(name))) == set()
