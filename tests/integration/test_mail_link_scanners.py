"""Programs that open every link of a mail, and tokens that are none: not one row changes."""

import itertools
import re
import string

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from programs.emails import email_for
from programs.mail_links import ASKED_BY, Purpose, links_of, message_of, token_of
from programs.models import CHOSEN, DiaryEntry, Enrolment, MessageKind, MessageOwed
from rehab import settings as real_settings
from tests.integration.story import Story
from tests.support.mail_links import a_mail, all_links, every_row, later, tap, way_out
from tests.support.people import a_runner, signed_in

pytestmark = pytest.mark.django_db
AGENTS = (
    "",
    "Mozilla/5.0 (compatible; BarracudaSentinel)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130 Safari/537.36 SafeLinks",
    "GoogleImageProxy (via ggpht.com)",
)
LOOKS = ("get", "head", "options")
TIMES = 3
SCORE = {"score": "4"}


@pytest.fixture(autouse=True)
def shared_cache(settings):
    """The cache of the project: it is a table, and counts of limits are rows of it."""
    settings.CACHES = real_settings.CACHES
    yield
    cache.clear()


@pytest.fixture
def story(time_machine) -> Story:
    story = Story()
    time_machine.move_to(story.at(1), tick=False)
    return story


@pytest.fixture
def message(story) -> MessageOwed:
    return a_mail(story.enrolment, story.date(1))


def test_a_scanner_that_opens_every_link_three_times_changes_no_row(message, record_property):
    links, before, looks = all_links(message), every_row(), 0
    assert len(links) == 13
    # Setting one up takes as long as the answer; it keeps nothing, because no answer sets a cookie.
    scanners = [Client(headers={"User-Agent": agent}) for agent in AGENTS]
    for link, scanner, look in itertools.product(links, scanners, LOOKS):
        for _ in range(TIMES):
            answer = getattr(scanner, look)(link)
            assert answer.status_code == (405 if look == "options" else 200)
            assert not answer.cookies
            looks += 1
    assert every_row() == before
    record_property("links of mails that were looked at", looks)


def test_nor_does_a_scanner_that_meets_links_whose_day_is_over(message, story, time_machine):
    time_machine.move_to(story.at(9), tick=False)
    before = every_row()
    for link in all_links(message):
        assert Client().get(link).status_code in (200, 404)
    assert every_row() == before


# --- tokens that are none ----------------------------------------------------------------
def tampered(token: str) -> list[str]:
    """The same with one letter changed, cut, longer, of another row, in other letters."""
    number, digest = token.split("-", 1)
    changed = [
        token[:at] + next(c for c in string.ascii_letters + string.digits if c != token[at]) + token[at + 1 :]
        for at in range(len(token))
    ]
    cut = [token[:length] for length in range(1, len(token))]
    others = [f"{other}-{digest}" for other in (0, 1, 2, 3, 10**17, 10**18, f"0{number}", f"+{number}", "١")]
    odd = [f"{token}x", f"x{token}", f"{token}%0a", token.swapcase(), f" {token}", f"{token}=", f"{digest}"]
    long = ["A" * 10_000, "9" * 5_000, "-" * 30, "1-" + "\u0661" * 22, f"{number}-{digest}%00"]
    return [one for one in (*changed, *cut, *others, *odd, *long) if one and one != token]


def without_counts(rows: dict) -> dict:
    """The count of wrong tries is the one thing that they leave."""
    return {table: what for table, what in rows.items() if table != "rehab_cache"}


def test_tampered_tokens_write_nothing_and_learn_nothing(message, record_property):
    before, pages, tried = without_counts(every_row()), set(), 0
    stranger = Client()
    for purpose in (Purpose.SCORE, Purpose.AGAIN, Purpose.UNSUBSCRIBE):
        place = {Purpose.SCORE: "s", Purpose.AGAIN: "a", Purpose.UNSUBSCRIBE: "u"}[purpose]
        for token in tampered(token_of(message, purpose)):
            address = f"/m/{place}/{token}/" + ("4/" if purpose is Purpose.SCORE else "")
            for look in ("get", "post"):
                cache.clear()
                answer = getattr(stranger, look)(address, SCORE)
                assert answer.status_code in (400, 404), address
                stranger.cookies.clear()
                tried += 1
                if b"does not work any more" in answer.content:
                    pages.add(answer.content)
    assert len(pages) == 1
    assert without_counts(every_row()) == before
    assert tried >= 100
    record_property("links with tampered tokens", tried)


def test_a_token_of_one_purpose_is_none_for_another(message):
    purposes = list(Purpose)
    for made, asked in itertools.permutations(purposes, 2):
        assert message_of(token_of(message, made), asked) is None
    before = without_counts(every_row())
    for purpose in (Purpose.AGAIN, Purpose.UNSUBSCRIBE, Purpose.CALENDAR):
        assert Client().post(f"/m/s/{token_of(message, purpose)}/4/", SCORE).status_code == 404
        if purpose is not Purpose.UNSUBSCRIBE:
            assert Client().post(f"/m/u/{token_of(message, purpose)}/").status_code == 404
    assert without_counts(every_row()) == before


@pytest.mark.parametrize("score", ["11", "99", "-1", "4.0", "x", "", "٤", "1" * 400])
def test_an_address_without_a_score_writes_nothing(message, score):
    address = f"/m/s/{token_of(message, Purpose.SCORE)}/{score}/"
    for answer in (Client().get(address), Client().post(address, SCORE)):
        assert answer.status_code == 404
    assert not DiaryEntry.objects.exists()


# --- links that were good once -----------------------------------------------------------
def over(story: Story, message: MessageOwed, time_machine, how: str) -> None:
    runners = User.objects.filter(pk=story.runner.pk)
    if how == "decided":
        story.close(1)
    elif how == "its day is over and nobody closed it":
        time_machine.move_to(story.enrolment.closes_at, tick=False)
    elif how == "months later":
        time_machine.move_to(story.at(100), tick=False)
    elif how == "revoked":
        runners.update(mail_links_since=timezone.now())
    elif how == "account closed":
        runners.update(is_active=False)
    elif how == "erased":
        runners.update(is_active=False, erased_at=timezone.now())
    elif how == "programme ended":
        Enrolment.objects.update(status="withdrawn")
    elif how == "programme of somebody else":
        MessageOwed.objects.update(recipient=a_runner("other@example.org"))
    elif how == "not come yet where she is now":
        runners.update(time_zone="Pacific/Pago_Pago")
        time_machine.move_to(story.at(1).replace(hour=1), tick=False)


@pytest.mark.parametrize(
    "how",
    [
        "decided",
        "its day is over and nobody closed it",
        "months later",
        "revoked",
        "account closed",
        "erased",
        "programme ended",
        "programme of somebody else",
        "not come yet where she is now",
    ],
)
def test_every_dead_link_answers_with_the_same_page_and_a_way_to_sign_in(story, message, time_machine, how):
    made_up = Client().get(f"/m/s/1-{'x' * 22}/4/").content
    over(story, message, time_machine, how)
    before = without_counts(every_row())
    for answer in (Client().get(tap(message, 4)), Client().post(tap(message, 4), SCORE)):
        assert answer.status_code == 404
        assert answer.content == made_up
    assert b"/accounts/login/" in made_up
    assert without_counts(every_row()) == before


def test_a_mail_that_was_passed_on_takes_no_score_of_somebody_else(message):
    browser = signed_in(a_runner("other@example.org"))
    assert browser.get(tap(message, 4)).status_code == 404
    assert browser.post(tap(message, 4), SCORE).status_code == 404
    assert browser.get(later(message)).status_code == 404
    assert not DiaryEntry.objects.exists()


def test_wrong_tokens_are_limited_and_shut_nobody_out(message):
    wrong = f"/m/s/1-{'x' * 22}/4/"
    most = int(settings.ACCOUNT_RATE_LIMITS["open_mail_link"].partition("/")[0])
    answers = [Client().post(wrong, SCORE).status_code for _ in range(most + 5)]
    assert answers == [404] * most + [429] * 5
    assert Client().post(way_out(message)).status_code == 200
    assert b"Thank you" in Client().post(tap(message, 4), SCORE).content
    assert DiaryEntry.objects.get().rest == 4


# --- whose a link is ---------------------------------------------------------------------
def test_no_mail_holds_a_link_that_is_another_runners(story, record_property):
    """All kinds of several runners: each link leads back to its own mail, by its own purpose alone."""
    stories = [story, *(Story(number) for number in range(2, 7))]
    kinds = [kind for kind in MessageKind.values if kind not in ("digest", "reviews")]
    mails = [
        a_mail(one.enrolment, one.date(day), kind) for one in stories for kind in kinds for day in (1, 2)
    ]
    found, links = {}, 0
    for message in mails:
        held = links_of(message)
        assert bool(held.unsubscribe) == (message.kind in (*CHOSEN, "again"))
        for address in filter(None, (*(link for _, link in held.scores), held.again, held.unsubscribe)):
            token = address.removeprefix(settings.SITE_URL).split("/")[3]
            assert found.setdefault(token, message.pk) == message.pk
            owners = [message_of(token, purpose) for purpose in Purpose]
            assert [owner.pk for owner in owners if owner] == [message.pk]
            links += 1
    record_property("links of mails that lead to their own", links)


def test_nor_do_the_words_of_a_mail_as_it_is_sent(story, record_property):
    """What goes out, text and HTML and headers: every token in it is of that message."""
    stories, seen = [story, Story(2), Story(3)], 0
    for one in stories:
        for kind in (*ASKED_BY, "weekly", "written"):
            message = a_mail(one.enrolment, one.date(1), kind)
            mail = email_for(message)
            whole = "\n".join((mail.body, mail.alternatives[0].content, str(mail.extra_headers)))
            tokens = re.findall(r"/m/[sua]/([^/\s]+)/", whole)
            assert {token.partition("-")[0] for token in tokens} == {str(message.pk)}
            owners = {one.pk for token in tokens for one in map(message_of, [token] * 4, Purpose) if one}
            assert owners == {message.pk}
            seen += len(tokens)
    record_property("links in mails that were worded", seen)
