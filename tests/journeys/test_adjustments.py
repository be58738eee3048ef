"""A physiotherapist changes an exercise for one runner, and writes one of her own with a picture."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.builders import an_enrolment, the_library
from tests.journeys.conftest import DESKTOP
from tests.journeys.test_sign_in import sign_in
from tests.support.browser import fits
from tests.support.exercises import image_bytes
from tests.support.people import a_clinician, a_runner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
REASON = "Sore elbow, no leaning on it for now."


@pytest.fixture
def emma(db):
    the_library()
    return an_enrolment(a_runner("emma@example.org", "Emma"), clinician=a_clinician(), stage="S3_run1_walk4")


def test_what_she_changes_the_runner_reads_with_the_reason(new_page, emma, check_accessibility):
    page = new_page()
    sign_in(page, "petra@example.org")
    page.goto(reverse("adjustments", args=[emma.public_id]))
    check_accessibility(page)
    assert fits(page)
    page.get_by_role("link", name="Change Plank", exact=True).first.click()
    page.get_by_role("radio", name="Another exercise in its place").check()
    page.get_by_label("Level", exact=True).select_option("A")
    page.get_by_label("Exercise in its place", exact=True).select_option("superman_little_swallow")
    page.get_by_label("Kind of reason").select_option("assessment")
    page.get_by_label("Reason in words").fill(REASON)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Tick that you turn it on yourself").first).to_be_visible()
    check_accessibility(page)
    assert fits(page)
    page.get_by_label("I turn it on myself").check()
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Plank is changed.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(REASON)
    runner = new_page()
    sign_in(runner, "emma@example.org")
    runner.goto(reverse("today"))
    expect(runner.get_by_role("main")).to_contain_text(f"In place of Plank, by Petra Physio: {REASON}")


def test_she_writes_an_exercise_of_her_own_with_a_picture(new_page, emma, check_accessibility):
    page = new_page(viewport=DESKTOP)
    sign_in(page, "petra@example.org")
    page.goto(reverse("own_exercises"))
    page.get_by_role("link", name="Write an exercise").click()
    check_accessibility(page)
    assert fits(page)
    page.get_by_label("Name of the exercise").fill("Wall sit")
    page.get_by_label("How it starts").fill("Stand with your back against a wall.")
    page.get_by_label("Steps").fill("Slide down a little.\nHold and breathe.")
    page.get_by_label("Common mistakes").fill("Going too deep.")
    page.get_by_label("Stop if").fill("Pain in a knee.")
    first = page.get_by_role("group", name="Level A")
    first.get_by_label("How much, in words").fill("2 rounds of 10 seconds")
    first.get_by_label("Rounds").fill("2")
    first.get_by_label("Hold, seconds").fill("10")
    sent = {
        "name": "wall.png",
        "mimeType": "image/png",
        "buffer": image_bytes(size=(600, 400), colour="teal"),
    }
    page.get_by_label("Picture", exact=True).set_input_files(sent)
    page.get_by_label("The picture in words").fill("A person sitting against a wall.")
    page.get_by_role("button", name="Save the exercise").click()
    expect(page.get_by_role("heading", name="Wall sit")).to_be_visible()
    drawn = page.get_by_role("img", name="A person sitting against a wall.")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.naturalWidth") == 600
    check_accessibility(page)
    assert fits(page)
