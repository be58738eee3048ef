"""Colleagues: a clinic is made, somebody joins, runners are handed over and covered for."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Consent, User
from tests.builders import an_enrolment, the_library
from tests.journeys.conftest import DESKTOP
from tests.journeys.test_sign_in import send, sign_in
from tests.support.browser import fits
from tests.support.clinics import a_clinic, a_colleague, runners_of
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, a_clinician, a_manager, without_second_factor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
#: Every page is looked at in other widths by test_every_page.py.
WIDTHS = pytest.mark.parametrize("width", [DESKTOP], ids=["1280"])


@pytest.fixture
def checked(check_accessibility) -> Callable[[Page], None]:
    """Nothing for axe to find, and nothing sticks out to the side."""

    def check(page: Page) -> None:
        assert fits(page)
        check_accessibility(page)

    return check


@pytest.fixture
def petra(db) -> User:
    """She leads a clinic with Paul, and has three runners."""
    petra = a_clinician()
    a_clinic(petra, a_colleague(), name="Riverside Physiotherapy", leads=(petra,))
    runners_of(petra, 3)
    return petra


def main(page: Page):
    return page.get_by_role("main")


def path_of_the_newest_link(kind: str) -> str:
    return re.search(rf"/account/{kind}/[\w-]+/", delivered_mails()[-1].body)[0]


def join(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Name").fill("Lena Lang")
    page.get_by_label("Password", exact=True).fill(PASSWORD)


@WIDTHS
def test_a_manager_makes_a_clinic_and_its_lead_joins_by_the_link(new_page, width, mailoutbox, checked):
    a_manager()
    mara = new_page(viewport=width)
    sign_in(mara, "mara@example.org")
    expect(mara.get_by_text("No clinic yet")).to_be_visible()
    checked(mara)
    main(mara).get_by_role("link", name="New clinic").click()
    checked(mara)
    mara.get_by_label("Name of the clinic").fill("Riverside Physiotherapy")
    send(mara, "Create clinic")
    expect(mara.get_by_role("heading", name="Riverside Physiotherapy", level=1)).to_be_visible()
    checked(mara)
    main(mara).get_by_role("link", name="Invite a physiotherapist").click()
    mara.get_by_label("E-mail address of the physiotherapist").fill("lena@example.org")
    mara.get_by_label("Leads the clinic").check()
    checked(mara)
    send(mara, "Send the invitation")
    expect(mara.get_by_role("status")).to_contain_text("An invitation goes to lena@example.org")
    checked(mara)
    lena = new_page(viewport=width)
    join(lena, path_of_the_newest_link("join"))
    expect(lena.get_by_text("Mara Manager invites you to join Riverside Physiotherapy")).to_be_visible()
    expect(lena.get_by_text("Your time zone: Europe/London")).to_be_visible()
    expect(lena.get_by_label("E-mail address")).to_have_js_property("readOnly", True)
    checked(lena)
    send(lena, "Create my account")
    # Nothing else opens before she has a second factor.
    expect(lena).to_have_url(re.compile("/accounts/2fa/"))
    lena.goto("/account/clinic/")
    expect(lena).to_have_url(re.compile("/accounts/2fa/"))
    mara.reload()
    expect(main(mara).get_by_text("Lena Lang", exact=True)).to_be_visible()
    lena.goto(path_of_the_newest_link("join"))
    expect(lena).to_have_url(re.compile("/accounts/2fa/"))


def test_joining_works_without_a_script_and_a_used_link_is_dead(new_page, mailoutbox, petra, checked):
    page = new_page()
    sign_in(page, "petra@example.org")
    page.goto("/account/clinic/")
    main(page).get_by_role("link", name="Invite a physiotherapist").click()
    page.get_by_label("E-mail address of the physiotherapist").fill("lena@example.org")
    send(page, "Send the invitation")
    link = path_of_the_newest_link("join")
    lena = new_page(java_script_enabled=False)
    join(lena, link)
    lena.get_by_label("Time zone").select_option("Asia/Tokyo")
    send(lena, "Create my account")
    expect(lena).to_have_url(re.compile("/accounts/2fa/"))
    assert User.objects.get(email="lena@example.org").time_zone == "Asia/Tokyo"
    stranger = new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This invitation is not open for you")).to_be_visible()
    checked(stranger)


def test_errors_of_joining_take_the_focus_and_lead_to_the_fields(new_page, mailoutbox, petra, checked):
    page = new_page()
    sign_in(page, "petra@example.org")
    page.goto("/account/clinic/")
    main(page).get_by_role("link", name="Invite a physiotherapist").click()
    page.get_by_label("E-mail address of the physiotherapist").fill("lena@example.org")
    send(page, "Send the invitation")
    lena = new_page()
    join(lena, path_of_the_newest_link("join"))
    lena.get_by_label("Password", exact=True).fill("lena@example.org")
    send(lena, "Create my account")
    summary = lena.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(lena.get_by_label("Name")).to_have_value("Lena Lang")
    checked(lena)
    summary.get_by_role("link", name=re.compile("too similar")).click()
    expect(lena.get_by_label("Password", exact=True)).to_be_focused()


@WIDTHS
def test_a_runner_is_handed_over_and_agrees(new_page, petra, width, mailoutbox, checked):
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    page.get_by_role("link", name="Clinic", exact=True).click()
    expect(page.get_by_role("heading", name="Riverside Physiotherapy", level=1)).to_be_visible()
    checked(page)
    main(page).get_by_role("link", name="Hand runners over for good").click()
    checked(page)
    main(page).get_by_role("link", name="Hand runners over").click()
    checked(page)
    send(page, "Tell the runners")
    expect(page.get_by_role("combobox", name="Who takes over")).to_have_js_property("validity.valid", False)
    page.get_by_label("Who takes over").select_option(label="Paul Physio")
    send(page, "Tell the runners")
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one runner")
    checked(page)
    page.get_by_label("Rae 1").check()
    send(page, "Tell the runners")
    expect(page.get_by_role("status")).to_contain_text("One runner is told")
    expect(main(page).get_by_text("Rae 1 to Paul Physio")).to_be_visible()
    checked(page)
    agree(new_page(viewport=width), "runner1@example.org")
    page.reload()
    expect(main(page).get_by_text("A runner who is no longer with you to Paul Physio")).to_be_visible()
    paul = new_page(viewport=width)
    sign_in(paul, "paul@example.org")
    paul.goto("/account/clinic/hand-overs/")
    expect(main(paul).get_by_text("None in the last three months.")).to_be_visible()
    assert Consent.objects.get(clinician__email="paul@example.org").runner.email == "runner1@example.org"


def agree(page: Page, email: str) -> None:
    sign_in(page, email)
    page.goto("/account/access/")
    expect(page.get_by_text("Paul Physio", exact=True).first).to_be_visible()
    main(page).get_by_role("button", name=re.compile("Agree, from now on")).click()
    expect(page.get_by_role("status")).to_contain_text("Paul Physio has taken over")


@WIDTHS
def test_a_holiday_is_covered_and_the_cover_ended_early(new_page, petra, width, checked):
    the_library()
    an_enrolment(User.objects.get(email="runner0@example.org"))
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    page.goto("/account/clinic/")
    main(page).get_by_role("link", name="Cover for a holiday").click()
    expect(main(page).get_by_text("Nobody covers for you.")).to_be_visible()
    checked(page)
    main(page).get_by_role("link", name="Arrange a cover").click()
    checked(page)
    today = timezone.now().date()
    page.get_by_label("Who covers for you").select_option(label="Paul Physio")
    page.get_by_label("From").fill(today.isoformat())
    page.get_by_label("Until and including").fill((today + datetime.timedelta(days=40)).isoformat())
    send(page, "Arrange the cover")
    expect(page.get_by_role("alert")).to_contain_text("at most 28 days")
    expect(page.get_by_label("From")).to_have_value(today.isoformat())
    checked(page)
    page.get_by_label("Until and including").fill((today + datetime.timedelta(days=6)).isoformat())
    send(page, "Arrange the cover")
    expect(page.get_by_role("status")).to_contain_text("Paul Physio covers for 3 of your runners")
    checked(page)
    paul = new_page(viewport=width)
    sign_in(paul, "paul@example.org")
    expect(paul.get_by_role("heading", name="Caseload", level=1)).to_be_visible()
    expect(main(paul).get_by_text("Covering for Petra Physio until").first).to_be_visible()
    checked(paul)
    paul.goto("/account/clinic/covers/")
    checked(paul)
    send(paul, "End the cover (Petra Physio)")
    expect(paul.get_by_role("status")).to_contain_text("no longer covers for Petra Physio")
    paul.goto("/caseload/")
    expect(main(paul).get_by_text("Covering for")).to_have_count(0)


@WIDTHS
def test_a_lead_looks_after_her_clinic_without_seeing_whose_runners_they_are(new_page, petra, width, checked):
    runners_of(User.objects.get(email="paul@example.org"), 2)
    page = new_page(viewport=width)
    sign_in(page, "petra@example.org")
    page.goto("/account/clinic/")
    send(page, "Make a lead (Paul Physio)")
    expect(page.get_by_role("status")).to_contain_text("Paul Physio now leads")
    main(page).get_by_role("link", name="Hand over all runners of Paul Physio").click()
    expect(main(page).get_by_text("Paul Physio has 2 runners")).to_be_visible()
    checked(page)
    page.go_back()
    main(page).get_by_role("link", name="End membership of Paul Physio").click()
    checked(page)
    send(page, "End the membership")
    expect(page.get_by_role("status")).to_contain_text("Paul Physio is no longer in Riverside Physiotherapy")
    expect(main(page).get_by_text("paul@example.org")).to_have_count(0)
    main(page).get_by_role("link", name="Leave the clinic").click()
    checked(page)
    send(page, "Leave the clinic")
    expect(page.get_by_role("heading", name="You are in no clinic")).to_be_visible()
    checked(page)


def test_somebody_without_a_second_factor_sets_it_up_before_she_sees_colleagues(new_page, petra):
    without_second_factor(petra)
    page = new_page()
    sign_in(page, "petra@example.org")
    page.goto("/account/clinic/")
    expect(page).to_have_url(re.compile("/accounts/2fa/"))
