"""The guided session in a browser: by the clock, through reloads, and out of it when it hurts."""

import pytest
from playwright.sync_api import Page, expect

from programs.models import DiaryEntry
from tests.builders import an_enrolment, every_programme, the_library
from tests.journeys.test_runner import choose
from tests.journeys.test_sign_in import send, sign_in
from tests.support.browser import fits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
RUNNING = "S3_run1_walk4"
#: What the runner's phone was told to do, by kind; the vibration of a desktop does nothing.
BUZZES = "window.buzzes = []; navigator.vibrate = (pattern) => { window.buzzes.push(pattern); return true; };"
SECOND = 1000


@pytest.fixture(autouse=True)
def library():
    the_library()
    every_programme()


def at_the_session(page: Page, stage: str = RUNNING, number: int = 1) -> Page:
    page.add_init_script(BUZZES)
    sign_in(page, an_enrolment(stage=stage).runner.email)
    page.clock.install()
    page.goto(f"/session/{number}/")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def clock_of(page: Page) -> str:
    return page.locator("[data-clock]").inner_text()


def forward(page: Page, seconds: int) -> None:
    """Let time pass as a background tab does: the clock goes on, timers come once at the end."""
    page.clock.fast_forward(seconds * SECOND)


def listen(page: Page) -> None:
    """Note what a screen reader is told from now on."""
    page.evaluate(
        """() => { window.said = []; const live = document.querySelector('[data-say]');
        new MutationObserver(() => window.said.push(live.textContent))
          .observe(live, {childList: true, characterData: true, subtree: true}); }"""
    )


def said(page: Page) -> list[str]:
    return page.evaluate("window.said")


# --- a run -----------------------------------------------------------------------------------
def test_a_run_is_led_to_its_end_and_into_the_check_in(page):
    at_the_session(page)
    press(page, "Start")
    expect(page.locator("[data-title]")).to_have_text("Warm up: walk briskly")
    forward(page, 301)
    expect(page.locator("[data-title]")).to_have_text("Run")
    assert clock_of(page) == "0:59"
    expect(page.locator("[data-where]")).to_have_text("Run 1 of 5")
    forward(page, 60)
    expect(page.locator("[data-title]")).to_have_text("Walk")
    # All that is left of intervals and cool-down: five times five minutes and another five.
    forward(page, 4 * 300 + 240)
    expect(page.locator("[data-title]")).to_have_text("Cool down: walk easily")
    forward(page, 300)
    for _ in range(3):
        press(page, "Begin")
        forward(page, 60)
    expect(page.get_by_role("heading", name="The session is over")).to_be_visible()
    page.get_by_role("link", name="I did all of it: check in").click()
    done = page.get_by_role("radio", name="I did all of it", exact=True)
    expect(done).to_be_checked()
    assert not page.locator("input[name='rest']:checked").count()
    assert not DiaryEntry.objects.exists()


def test_after_a_long_sleep_only_the_newest_change_is_told(page):
    at_the_session(page)
    press(page, "Start")
    listen(page)
    page.evaluate("window.buzzes = []")
    forward(page, 300 + 60 + 240 + 60 + 10)
    expect(page.locator("[data-title]")).to_have_text("Walk")
    assert clock_of(page) == "3:50"
    assert said(page) == ["Walk. 4 minutes. Let your breath come back."]
    assert len(page.evaluate("window.buzzes")) == 1


def test_the_clock_is_not_read_out_each_second(page):
    at_the_session(page)
    press(page, "Start")
    listen(page)
    page.clock.run_for(20 * SECOND)
    assert clock_of(page) == "4:40"
    assert said(page) == []


def test_a_reload_keeps_the_place_and_the_time_that_went_by(page):
    at_the_session(page)
    press(page, "Start")
    forward(page, 320)
    page.reload()
    expect(page.locator("[data-title]")).to_have_text("Run")
    forward(page, 20)
    expect(page.locator("[data-clock]")).to_have_text("0:20")


def test_a_pause_stands_still_also_over_a_reload(page):
    at_the_session(page)
    press(page, "Start")
    forward(page, 100)
    press(page, "Pause")
    forward(page, 600)
    page.reload()
    expect(page.locator("[data-stage]").get_by_text("Paused")).to_be_visible()
    assert clock_of(page) == "3:20"
    press(page, "Go on")
    forward(page, 20)
    expect(page.locator("[data-clock]")).to_have_text("3:00")


def test_a_clock_that_is_set_back_does_not_lengthen_a_run(page):
    at_the_session(page)
    press(page, "Start")
    forward(page, 310)
    page.clock.run_for(SECOND)
    page.evaluate("() => { const now = Date.now; Date.now = () => now() - 3600000; }")
    page.clock.run_for(10 * SECOND)
    expect(page.locator("[data-title]")).to_have_text("Run")
    assert clock_of(page) in ("0:39", "0:40")


def test_nothing_is_asked_of_the_server_while_it_plays(page):
    at_the_session(page)
    # Its worker came with the page.
    while not page.workers:
        page.wait_for_timeout(50)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    press(page, "Start")
    forward(page, 300)
    expect(page.locator("[data-title]")).to_have_text("Run")
    assert not asked


def test_the_page_of_another_day_does_not_start(page):
    at_the_session(page)
    page.clock.fast_forward("36:00:00")
    press(page, "Start")
    expect(page.get_by_text("This page is from another day")).to_be_visible()
    expect(page.locator("[data-clock]")).to_have_text("5:00")
    forward(page, 10)
    expect(page.locator("[data-clock]")).to_have_text("5:00")


# --- when it hurts -----------------------------------------------------------------------------
def test_stopping_because_of_pain_leads_to_the_check_in_which_keeps_it(page):
    at_the_session(page)
    press(page, "Start")
    forward(page, 330)
    expect(page.get_by_text("2 more than at the start")).to_be_visible()
    press(page, "Stop, it hurts")
    expect(page.get_by_role("heading", name="Stop here")).to_be_focused()
    expect(page.get_by_text("Walk home slowly")).to_be_visible()
    page.get_by_role("link", name="Write it down in the check-in").click()
    expect(page.get_by_role("radio", name="I stopped because of pain")).to_be_checked()
    assert not page.locator("input[name='rest']:checked, input[name='during']:checked").count()
    choose(page, "Pain at rest", "3")
    choose(page, "Worst pain in the session", "6")
    send(page, "Save check-in")
    entry = DiaryEntry.objects.get()
    assert (entry.session, entry.during, entry.rest) == ("stopped_pain", 6, 3)
    page.goto("/session/1/")
    expect(page.get_by_text("You stopped today because of pain")).to_be_visible()


def test_a_press_by_mistake_goes_back_to_where_it_was(page):
    at_the_session(page)
    press(page, "Start")
    forward(page, 330)
    press(page, "Stop, it hurts")
    forward(page, 60)
    press(page, "Pressed by mistake: go back")
    press(page, "Go on")
    expect(page.locator("[data-clock]")).to_have_text("0:30")


def test_ending_early_says_why_and_reports_a_part(page):
    at_the_session(page)
    press(page, "Start")
    press(page, "End early")
    expect(page.get_by_role("heading", name="Why do you end here?")).to_be_focused()
    page.get_by_role("link", name="No more time").click()
    expect(page.get_by_role("radio", name="I did part of it")).to_be_checked()


# --- exercises ---------------------------------------------------------------------------------
def test_the_core_set_counts_holds_and_waits_for_repeats(page):
    at_the_session(page, "S2_core", 2)
    press(page, "Start")
    expect(page.locator("[data-title]")).to_have_text("Bird dog")
    expect(page.locator("[data-clock]")).to_have_text("6")
    forward(page, 3600)
    expect(page.locator("[data-where]")).to_have_text("First side")
    press(page, "Done")
    expect(page.locator("[data-where]")).to_have_text("Other side")
    press(page, "Back")
    expect(page.locator("[data-where]")).to_have_text("First side")
    press(page, "Leave this exercise out")
    expect(page.locator("[data-title]")).to_have_text("Bridge")
    press(page, "Done")
    expect(page.locator("[data-title]")).to_have_text("Next: Plank")
    press(page, "Begin")
    forward(page, 11)
    expect(page.locator("[data-title]")).to_have_text("Plank")
    expect(page.locator("[data-figure] img")).to_be_visible()
    expect(page.get_by_text("Keep your knees down and make the holds shorter.").first).to_be_visible()
    forward(page, 10)
    expect(page.locator("[data-title]")).to_have_text("Rest")
    press(page, "Go on now")
    expect(page.locator("[data-where]")).to_have_text("Set 2 of 3")
    for _ in range(3):
        press(page, "Leave this exercise out")
    press(page, "Leave this exercise out")
    expect(page.get_by_role("heading", name="The session is over")).to_be_visible()
    page.get_by_role("link", name="Back to today’s plan").click()
    page.wait_for_url("**/today/")
    assert not DiaryEntry.objects.exists()


# --- for everybody -------------------------------------------------------------------------------
@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (1280, 900), (844, 390)])
@pytest.mark.parametrize(("stage", "number"), [(RUNNING, 1), ("S2_core", 2)])
def test_every_state_is_readable_by_everybody(new_page, check_accessibility, width, height, stage, number):
    page = at_the_session(new_page(viewport={"width": width, "height": height}), stage, number)

    def check() -> None:
        check_accessibility(page)
        assert fits(page)

    check()
    press(page, "Start")
    check()
    if stage == RUNNING:
        forward(page, 310)
        check()
        press(page, "Pause")
        check()
    press(page, "End early")
    check()
    press(page, "It hurts")
    check()


def test_by_keyboard_alone(page):
    at_the_session(page)
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    page.keyboard.press("Space")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(page.locator("[data-stage]").get_by_text("Paused")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator("[data-stage]").get_by_text("Paused")).to_be_hidden()
    page.get_by_role("button", name="Stop, it hurts").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Stop here")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Write it down in the check-in")).to_be_focused()


def test_what_is_pressed_in_a_hurry_is_large(new_page):
    page = at_the_session(new_page(viewport={"width": 320, "height": 568}), "S2_core", 2)
    press(page, "Start")
    for control in page.locator("[data-player] button:visible, [data-player] label:visible").all():
        assert control.bounding_box()["height"] >= 48
    stop = page.get_by_role("button", name="Stop, it hurts").bounding_box()
    assert stop["y"] + stop["height"] <= 568


def test_signals_are_switched_off_for_good(page):
    at_the_session(page)
    page.get_by_label("Vibration").uncheck()
    page.reload()
    expect(page.get_by_label("Vibration")).not_to_be_checked()
    press(page, "Start")
    forward(page, 300)
    expect(page.locator("[data-title]")).to_have_text("Run")
    assert page.evaluate("window.buzzes") == []


#: An audio device and a lock of the screen that note what they are asked for.
DEVICES = """
  window.tones = []; window.locks = [];
  const param = { value: 0, setValueAtTime() {}, linearRampToValueAtTime() {} };
  window.AudioContext = class {
    state = "running";
    destination = {};
    began = Date.now();
    get currentTime() { return (Date.now() - this.began) / 1000; }
    resume() { return Promise.resolve(); }
    createGain() { return { gain: param, connect: (to) => to }; }
    createOscillator() {
      const tone = { frequency: { value: 0 }, connect: (to) => to, disconnect() {}, stop() {} };
      tone.start = (at) => window.tones.push([tone.frequency.value, Math.round(at - this.currentTime)]);
      return tone;
    }
  };
  Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
    window.locks.push(kind);
    return { released: false, release: async () => { window.locks.push("released"); } };
  } } });
"""


def test_sounds_are_planned_ahead_and_the_screen_stays_on_while_it_plays(page):
    page.add_init_script(DEVICES)
    at_the_session(page)
    press(page, "Start")
    # The first of the two tones of each change.
    planned = page.evaluate("window.tones.filter((tone, index) => index % 2 === 0).slice(1, 4)")
    assert planned == [[660, 300], [660, 360], [660, 600]]
    assert page.evaluate("window.locks") == ["screen"]
    expect(page.get_by_text("Keep the screen on")).to_be_hidden()
    page.evaluate("window.tones = []")
    forward(page, 300)
    expect(page.locator("[data-title]")).to_have_text("Run")
    press(page, "Pause")
    assert page.evaluate("window.tones") == []
    assert page.evaluate("window.locks") == ["screen", "released"]


def test_without_scripts_it_is_a_list_with_times(new_page):
    page = new_page(java_script_enabled=False)
    sign_in(page, an_enrolment(stage=RUNNING).runner.email)
    page.goto("/session/1/")
    expect(page.get_by_role("button", name="Start")).to_be_hidden()
    rows = page.locator("ol").first.get_by_role("listitem")
    expect(rows).to_have_count(12)
    expect(rows.nth(1)).to_have_text("5:00 Run 1:00")
    expect(page.get_by_text("walk home and stop").first).to_be_visible()
    expect(page.get_by_role("img", name="one leg raised straight")).to_be_visible()
