"""Letting a physiotherapist in and out again: by code and picture, by invitation, by hand-over."""

import re
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Consent, User
from accounts.services import grant_consent
from accounts.services.clinics import create_clinic, join_clinic
from accounts.services.hand_overs import propose_hand_over
from accounts.services.offers import make_offer
from programs.models import Enrolment
from tests.builders import QUIET, an_enrolment, live, the_library
from tests.journeys.conftest import PHONE
from tests.journeys.test_sign_in import send, sign_in
from tests.support.browser import fits
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, a_clinician, a_manager, a_runner, signed_in, totp_code

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
#: Every page is looked at in other widths by test_every_page.py.
WIDTHS = pytest.mark.parametrize("width", [PHONE], ids=["390"])


@pytest.fixture
def rosa(db) -> Enrolment:
    """A runner whom nobody sees yet."""
    the_library()
    return live(an_enrolment(a_runner(), days_ago=2), QUIET, QUIET)


def path_in(words: str, pattern: str) -> str:
    """The way of a link that was built from SITE_URL: the server of a test has an address of its own."""
    return urlsplit(re.search(rf"https?://\S+{pattern}", words)[0]).path


@pytest.fixture
def checked(check_accessibility):
    """Every page passes axe and fits its width."""

    def check(page: Page) -> None:
        check_accessibility(page)
        assert fits(page), page.url

    return check


def to_who_can_see(page: Page) -> None:
    page.get_by_role("link", name="More", exact=True).click()
    page.get_by_role("link", name="Who can see my data").click()


# --- a code and its picture -----------------------------------------------------------
def take_from_the_picture(clinic: Page, petra: User, link: str, checked) -> None:
    """On the phone that followed the picture nobody is signed in yet."""
    clinic.goto(link)
    clinic.get_by_label("E-mail address").fill(petra.email)
    clinic.get_by_label("Password", exact=True).fill(PASSWORD)
    send(clinic, "Sign in")
    clinic.get_by_label("Code", exact=True).fill(totp_code(petra))
    send(clinic, "Sign in")
    expect(clinic.get_by_role("heading", name="A runner offers you access")).to_be_visible()
    expect(clinic.get_by_text("Rosa")).to_have_count(0)
    checked(clinic)
    send(clinic, "Take the code")
    expect(clinic.get_by_role("status")).to_contain_text("Rosa Runner has let you in")
    clinic.get_by_role("link", name="Rosa Runner").first.click()
    expect(clinic.get_by_role("heading", name="Rosa Runner", level=1)).to_be_visible()


@WIDTHS
def test_a_code_lets_her_physiotherapist_in_and_a_button_out_at_once(new_page, rosa, width, checked):
    petra = a_clinician()
    hers, clinic = new_page(viewport=width), new_page(viewport=width)
    sign_in(hers, "rosa@example.org")
    to_who_can_see(hers)
    expect(hers.get_by_text("Only you")).to_be_visible()
    checked(hers)
    hers.get_by_role("link", name="Make a code").click()
    expect(hers.get_by_text("your diary: every score")).to_be_visible()
    checked(hers)
    send(hers, "Make a code")
    picture = hers.get_by_role("img", name="QR code with the link below")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box["width"] >= 200 and abs(box["width"] - box["height"]) < 4
    checked(hers)
    link = path_in(hers.get_by_role("main").inner_text(), r"/account/code/\w+/")
    take_from_the_picture(clinic, petra, link, checked)
    # She reads who it is, and ends it.
    hers.goto("/account/access/")
    expect(hers.get_by_text("petra@example.org")).to_be_visible()
    expect(hers.get_by_text(re.compile("took your code"))).to_be_visible()
    checked(hers)
    hers.get_by_role("link", name="End access of Petra Physio").click()
    expect(hers.get_by_role("heading", name="End the access of Petra Physio?")).to_be_visible()
    checked(hers)
    hers.get_by_role("link", name="Keep it as it is").click()
    expect(hers.get_by_text("petra@example.org")).to_be_visible()
    hers.get_by_role("link", name="End access of Petra Physio").click()
    send(hers, "End access now")
    expect(hers.get_by_role("status")).to_contain_text("can no longer see your data")
    expect(hers.get_by_text("Only you")).to_be_visible()
    clinic.reload()
    expect(clinic.get_by_role("heading", name="There is no such page")).to_be_visible()
    clinic.goto("/caseload/")
    expect(clinic.get_by_text("Rosa Runner")).to_have_count(0)


def test_a_form_that_is_open_when_access_ends_is_not_there_any_more(new_page, rosa):
    petra = a_clinician()
    grant_consent(runner=rosa.runner, clinician=petra, now=timezone.now())
    clinic, hers = new_page(), new_page()
    sign_in(clinic, petra.email)
    clinic.goto(f"/runners/{rosa.public_id}/hold/")
    clinic.get_by_label("Hold until and including").fill(timezone.now().date().isoformat())
    clinic.get_by_label("Kind of reason").select_option("life")
    clinic.get_by_label("Reason in words").fill("A long journey.")
    sign_in(hers, "rosa@example.org")
    hers.goto(f"/account/access/{Consent.objects.get().public_id}/revoke/")
    send(hers, "End access now")
    send(clinic, "Hold")
    expect(clinic.get_by_role("heading", name="There is no such page")).to_be_visible()


def test_without_javascript_a_code_is_typed_and_a_wrong_one_is_said(new_page, rosa, checked):
    a_clinician()
    code = make_offer(runner=rosa.runner, now=timezone.now())
    page = new_page()
    plain = new_page(java_script_enabled=False)
    for clinic in (page, plain):
        sign_in(clinic, "petra@example.org")
        clinic.get_by_role("link", name="Invite", exact=True).click()
        clinic.get_by_role("link", name="Take a code").click()
        clinic.get_by_label("Code of the runner").fill("2222-2222-2222")
        send(clinic, "Take the code")
        expect(clinic.get_by_role("alert")).to_contain_text("This code does not work")
    expect(page.get_by_role("alert")).to_be_focused()
    checked(page)
    plain.get_by_label("Code of the runner").fill(code.lower())
    send(plain, "Take the code")
    expect(plain.get_by_role("status")).to_contain_text("Rosa Runner has let you in")


def test_a_runner_who_opens_her_own_link_reads_whose_it_is(page, rosa, checked):
    code = make_offer(runner=rosa.runner, now=timezone.now())
    sign_in(page, "rosa@example.org")
    page.goto(f"/account/code/{code}/")
    expect(page.get_by_role("heading", name="This link is for a physiotherapist")).to_be_visible()
    checked(page)


def test_a_code_is_withdrawn(page, rosa, checked):
    sign_in(page, "rosa@example.org")
    page.goto("/account/access/code/")
    send(page, "Make a code")
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("waits to be taken")).to_be_visible()
    checked(page)
    send(page, "Withdraw the code")
    expect(page.get_by_role("status")).to_contain_text("Nobody can use it any more")


# --- an invitation by e-mail ----------------------------------------------------------
@WIDTHS
def test_an_invited_runner_makes_an_account_and_accepts(new_page, width, mailoutbox, checked):
    petra = a_clinician()
    clinic, nora = new_page(viewport=width), new_page(viewport=width)
    sign_in(clinic, petra.email)
    clinic.get_by_role("link", name="Invite", exact=True).click()
    checked(clinic)
    clinic.get_by_label("E-mail address of the runner").fill("nora@example.org")
    send(clinic, "Send the invitation")
    expect(clinic.get_by_text("waiting for an answer")).to_be_visible()
    checked(clinic)
    nora.goto(path_in(delivered_mails()[-1].body, r"/account/asked/[\w-]+/"))
    expect(nora.get_by_role("heading", name="Petra Physio asks to see your data")).to_be_visible()
    checked(nora)
    nora.get_by_role("main").get_by_role("link", name="Create an account").click()
    nora.get_by_label("Name").fill("Nora New")
    nora.get_by_label("E-mail address").fill("nora@example.org")
    nora.get_by_label("Password", exact=True).fill(PASSWORD)
    nora.get_by_label("I am 18 or older").check()
    send(nora, "Create account")
    nora.get_by_label("Code from the mail").fill(
        re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", delivered_mails()[-1].body)[0]
    )
    send(nora, "Continue")
    expect(nora.get_by_role("heading", name="Petra Physio asks to see your data")).to_be_visible()
    assert not Consent.objects.exists()
    checked(nora)
    send(nora, "Accept")
    expect(nora.get_by_role("status")).to_contain_text("Petra Physio can see your data from now on")
    expect(nora.get_by_text("you accepted the invitation")).to_be_visible()
    clinic.reload()
    expect(clinic.get_by_text("accepted", exact=True)).to_be_visible()


def test_somebody_declines_without_an_account_and_without_javascript(new_page, mailoutbox, checked):
    clinic, plain = new_page(), new_page(java_script_enabled=False)
    a_clinician()
    sign_in(clinic, "petra@example.org")
    clinic.goto("/account/asks/")
    clinic.get_by_label("E-mail address of the runner").fill("nobody@example.org")
    send(clinic, "Send the invitation")
    link = path_in(delivered_mails()[-1].body, r"/account/asked/[\w-]+/")
    plain.goto(link)
    send(plain, "Decline")
    expect(plain.get_by_role("heading", name="You have declined")).to_be_visible()
    plain.goto(link)
    expect(plain.get_by_role("heading", name="This invitation is not open for you")).to_be_visible()
    clinic.reload()
    expect(clinic.get_by_text("declined", exact=True)).to_be_visible()
    clinic.get_by_label("E-mail address of the runner").fill("nobody@example.org")
    send(clinic, "Send the invitation")
    expect(clinic.get_by_role("alert")).to_contain_text("This invitation was declined")
    checked(clinic)
    clinic.goto(link)
    expect(clinic.get_by_role("heading", name="This invitation is not open for you")).to_be_visible()
    checked(clinic)


# --- a hand-over ----------------------------------------------------------------------
@WIDTHS
def test_a_hand_over_is_refused(new_page, rosa, width, checked):
    petra, paul = a_clinician(), a_clinician("paul@example.org", "Paul Physio")
    now = timezone.now()
    clinic = create_clinic(name="Riverside", by=a_manager(), now=now)
    for person in (petra, paul):
        join_clinic(clinic=clinic, clinician=person, now=now)
    consent = grant_consent(runner=rosa.runner, clinician=petra, now=now)
    propose_hand_over(consents=[consent], to=paul, by=petra, now=now)
    page = new_page(viewport=width)
    sign_in(page, "rosa@example.org")
    page.goto("/account/access/")
    expect(page.get_by_role("heading", name="A hand-over waits for your answer")).to_be_visible()
    checked(page)
    send(page, "Refuse the hand-over to Paul Physio")
    expect(page.get_by_role("status")).to_contain_text("Paul Physio does not take over")
    expect(page.get_by_role("heading", name="A hand-over waits for your answer")).to_have_count(0)


# --- who saw my data ------------------------------------------------------------------
@WIDTHS
def test_she_reads_who_saw_her_data(new_page, rosa, width, checked):
    petra, paul = a_clinician(), a_clinician("paul@example.org", "Paul Physio")
    for clinician in (petra, paul):
        grant_consent(runner=rosa.runner, clinician=clinician, now=timezone.now())
    signed_in(paul).get("/caseload/")
    clinic = new_page(viewport=width)
    sign_in(clinic, petra.email)
    clinic.get_by_role("link", name="Rosa Runner").first.click()
    expect(clinic.get_by_role("heading", name="Rosa Runner", level=1)).to_be_visible()
    page = new_page(viewport=width)
    sign_in(page, "rosa@example.org")
    page.get_by_role("link", name="More", exact=True).click()
    page.get_by_role("link", name="Who saw my data").click()
    main = page.get_by_role("main")
    expect(main.get_by_text("Petra Physio opened: the page with your diary")).to_be_visible()
    expect(main.get_by_text(re.compile(r"from 127\.0\.0\.x")).first).to_be_visible()
    checked(page)
    page.get_by_label("Show", exact=True).select_option(label="Paul Physio")
    send(page, "Show")
    expect(main.get_by_text("Paul Physio saw you in a list")).to_be_visible()
    expect(main.get_by_text("the page with your diary")).to_have_count(0)
    checked(page)
