"""A day in taps: from Today to the saved page, by thumb, by keyboard alone and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from programs.models import DiaryEntry, PainNote
from tests.builders import COMFORTABLE, an_enrolment, every_programme, live, reloaded, the_library
from tests.journeys.test_sign_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
RUNNING = "S3_run1_walk4"
REST_DAY_TAPS, SESSION_DAY_TAPS, NOTE_TAPS = 4, 8, 5


@pytest.fixture(autouse=True)
def library():
    the_library()
    every_programme()


class Thumb:
    """Taps what a thumb can hit, and counts."""

    def __init__(self, page: Page, name: str = ""):
        self.page, self.name, self.taps = page, name, 0

    def tell(self, what: str, record_property) -> None:
        """The figure for whoever reads the run; a keyboard taps nothing."""
        if self.taps:
            record_property(f"taps, {what}, {self.name}", self.taps)

    def tap(self, target: Locator) -> None:
        """Where it is on the screen, whatever lies there: what is covered by something else is not hit."""
        target.evaluate("element => element.scrollIntoView({block: 'center', behavior: 'instant'})")
        box = target.bounding_box()
        self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.taps += 1

    def link(self, name: str) -> None:
        with self.page.expect_navigation():
            self.tap(self.page.get_by_role("main").get_by_role("link", name=name, exact=True))

    def button(self, name: str) -> None:
        with self.page.expect_navigation():
            self.tap(self.page.get_by_role("button", name=name))

    def answer(self, question: str, answer: str) -> None:
        """The words beside a mark are as good as the mark."""
        group = self.page.get_by_role("group", name=question, exact=True)
        self.tap(group.locator("label").get_by_text(answer, exact=True))
        expect(group.get_by_role("radio", name=answer, exact=True)).to_be_checked()


class Keys(Thumb):
    """The same without a pointer: Tab to it, then space, an arrow or Enter."""

    def tap(self, target: Locator) -> None:
        raise AssertionError("no pointer here")

    def to(self, target: Locator) -> None:
        for _ in range(80):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}")

    def link(self, name: str) -> None:
        self.to(self.page.get_by_role("main").get_by_role("link", name=name, exact=True))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def button(self, name: str) -> None:
        self.to(self.page.get_by_role("button", name=name))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def answer(self, question: str, answer: str) -> None:
        """Tab stops once at a group, at its first radio button; arrows go on from there."""
        radios = self.page.get_by_role("group", name=question, exact=True).get_by_role("radio")
        self.to(radios.first)
        self.page.keyboard.press("Space")
        wanted = self.page.get_by_role("group", name=question, exact=True).get_by_role(
            "radio", name=answer, exact=True
        )
        for _ in range(12):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow reaches {answer}")


def a_rest_day(hand: Thumb) -> None:
    hand.link("Check in")
    hand.answer("Pain at rest", "1")
    hand.answer("Pain on waking", "2")
    hand.button("Save check-in")


def a_session_day(hand: Thumb) -> None:
    hand.link("Check in")
    hand.answer("Pain at rest", "1")
    hand.answer("Pain on waking", "1")
    hand.answer("The planned session", "I did all of it")
    hand.answer("Worst pain in the session", "2")
    hand.answer("Worst pain in the two hours after it", "1")
    hand.button("Save check-in")


def a_note(hand: Thumb) -> None:
    hand.link("Note pain now")
    hand.answer("When it hurts", "A flare: suddenly worse")
    hand.answer("Where it hurts", "Back")
    hand.answer("How much it hurts", "6")
    hand.button("Save this note")


@pytest.fixture(params=["thumb", "thumb without scripts", "keyboard"])
def hand(request, new_page) -> Callable[[str], Thumb]:
    def signed_in(email: str) -> Thumb:
        scripts = "without" not in request.param
        kind = (
            {"viewport": {"width": 1280, "height": 900}}
            if request.param == "keyboard"
            else {"has_touch": True}
        )
        page = new_page(java_script_enabled=scripts, **kind)
        sign_in(page, email)
        page.goto("/today/")
        return (Keys if request.param == "keyboard" else Thumb)(page, request.param)

    return signed_in


def saved(hand: Thumb) -> None:
    expect(hand.page.get_by_role("heading", name="Tonight, if nothing else comes in")).to_be_visible()
    expect(hand.page.get_by_role("heading", name="What is needed to move on")).to_be_visible()


def test_a_rest_day(hand, record_property):
    enrolment = live(an_enrolment(stage=RUNNING, days_ago=1), COMFORTABLE)
    hand = hand(enrolment.runner.email)
    a_rest_day(hand)
    saved(hand)
    entry = DiaryEntry.objects.latest("date")
    assert (entry.rest, entry.morning, entry.session, entry.sites) == (1, 2, None, [])
    assert hand.taps <= REST_DAY_TAPS
    hand.tell("rest day", record_property)


def test_a_session_day(hand, record_property):
    enrolment = an_enrolment(stage=RUNNING)
    hand = hand(enrolment.runner.email)
    a_session_day(hand)
    saved(hand)
    entry = DiaryEntry.objects.get()
    assert (entry.rest, entry.session, entry.during, entry.after) == (1, "done", 2, 1)
    assert hand.taps <= SESSION_DAY_TAPS
    hand.tell("session day", record_property)


def test_a_pain_note(hand, record_property):
    enrolment = an_enrolment()
    hand = hand(enrolment.runner.email)
    a_note(hand)
    note = PainNote.objects.get()
    assert (note.occasion, note.site, note.score) == ("flare", "back", 6)
    expect(hand.page.get_by_text("in a flare, back")).to_be_visible()
    assert hand.taps <= NOTE_TAPS
    hand.tell("pain note", record_property)


def test_the_pages_of_a_note_are_readable_by_everybody(page, check_accessibility):
    enrolment = an_enrolment(stage=RUNNING)
    sign_in(page, enrolment.runner.email)
    page.goto("/note/")
    check_accessibility(page)
    page.get_by_role("button", name="Save this note").click()
    check_accessibility(page)
    page.goto("/today/")
    a_note(Keys(page))
    check_accessibility(page)
    page.goto("/check-in/")
    check_accessibility(page)
    page.get_by_role("link", name="Change the note").click()
    check_accessibility(page)
    page.goto("/check-in/")
    page.get_by_role("button", name="Withdraw the note").click()
    expect(page.get_by_text("Your note is withdrawn")).to_be_visible()
    expect(page.get_by_text("was 6/10 in a flare, back, now withdrawn")).to_be_visible()
    check_accessibility(page)
    assert reloaded(enrolment).stage == RUNNING


def test_answers_that_waited_ask_which_are_right(page, check_accessibility):
    enrolment = an_enrolment()
    sign_in(page, enrolment.runner.email)
    page.goto("/check-in/")
    for rest in ("2", "7"):
        if rest == "7":
            page.go_back()
            page.reload()
            page.locator("[name=made_at]").evaluate("field => { field.value = '2026-01-01T08:00:00Z'; }")
        page.get_by_role("group", name="Pain at rest").get_by_role("radio", name=rest, exact=True).check(
            force=True
        )
        page.get_by_role("radio", name="I left it out for another reason").check()
        page.get_by_role("button", name="Save check-in").click()
    expect(page.get_by_role("alert")).to_contain_text("Which answers are right?")
    check_accessibility(page)
    assert DiaryEntry.objects.get().rest == 2
    page.get_by_role("button", name="Save check-in").click()
    expect(page.get_by_role("heading", name="Saved. Thank you")).to_be_visible()
    assert DiaryEntry.objects.get().rest == 7
