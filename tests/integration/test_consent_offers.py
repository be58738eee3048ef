"""A runner's code: made once, shown once, taken once."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consent, ConsentVia, Invitation, InvitationOutcome, User
from accounts.models.base import digest_of
from accounts.models.consent import CONSENT_TEXT_VERSION
from accounts.services.errors import Refused
from accounts.services.offers import ALPHABET, LIFE, accept_offer, grouped, make_offer, normal
from tests.builders import an_enrolment
from tests.support.mails import delivered_mails
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


def made_by(browser) -> str:
    """Press the button; return the code as it stands on the page."""
    page = browser.post(reverse("offer")).content.decode()
    return re.search(r'class="offer-code">([\w-]+)<', page)[1]


# --- making one -------------------------------------------------------------------
def test_a_code_is_read_aloud_without_mistakes():
    code = make_offer(runner=a_runner(), now=NOW)
    assert len(code) == 12 and set(code) <= set(ALPHABET)
    assert not set("01OIL") & set(ALPHABET)
    assert normal(f" {grouped(code).lower()} ") == code


def test_only_the_digest_of_a_code_is_kept():
    code = make_offer(runner=a_runner(), now=NOW)
    row = Invitation.objects.get()
    assert row.secret_digest == digest_of(code, purpose="invitation.offer")
    assert all(code not in str(value) for value in row.__dict__.values())


def test_the_page_shows_code_link_and_picture_once(settings):
    settings.SITE_URL = "https://rehab.example.org"
    browser = signed_in(a_runner())
    answer = browser.post(reverse("offer"))
    page = answer.content.decode()
    code = re.search(r'class="offer-code">([\w-]+)<', page)[1].replace("-", "")
    assert f"https://rehab.example.org/account/code/{code}/" in page
    assert "no-store" in answer["Cache-Control"]
    for name in ("offer", "access"):
        assert code not in browser.get(reverse(name)).content.decode().replace("-", "")
    assert code not in str(dict(browser.session))


def test_the_picture_has_no_style_that_our_pages_would_refuse():
    page = signed_in(a_runner()).post(reverse("offer")).content.decode()
    picture = re.search(r'<div class="qr".*?</div>', page, re.DOTALL)[0]
    assert "<svg" in picture and "viewBox" in picture
    assert "style" not in picture
    assert 'role="img"' in picture and "aria-label" in picture


def test_a_look_makes_no_code():
    browser = signed_in(a_runner())
    assert browser.get(reverse("offer")).status_code == 200
    assert browser.head(reverse("offer")).status_code == 200
    assert not Invitation.objects.exists()


def test_a_page_that_is_loaded_again_has_a_new_code_and_ends_the_old_one():
    rosa = a_runner()
    browser = signed_in(rosa)
    first, second = made_by(browser), made_by(browser)
    assert first != second
    with pytest.raises(Refused):
        accept_offer(code=first, clinician=a_clinician(), now=timezone.now())
    assert accept_offer(
        code=second, clinician=User.objects.get(email="petra@example.org"), now=timezone.now()
    )


def test_an_open_code_is_withdrawn_by_a_button():
    browser = signed_in(a_runner())
    code = made_by(browser)
    assert "waits to be taken" in browser.get(reverse("access")).content.decode()
    answer = browser.post(reverse("offer_withdraw"), follow=True)
    assert "Nobody can use it any more" in answer.content.decode()
    assert "waits to be taken" not in answer.content.decode()
    with pytest.raises(Refused):
        accept_offer(code=code, clinician=a_clinician(), now=timezone.now())
    again = browser.post(reverse("offer_withdraw"), follow=True)
    assert "There was no open code" in again.content.decode()
    assert browser.get(reverse("offer_withdraw")).status_code == 405


def test_codes_are_not_made_by_the_hundred():
    browser = signed_in(a_runner())
    answers = [browser.post(reverse("offer")).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


# --- taking one -------------------------------------------------------------------
def test_whoever_takes_it_has_the_runner_on_her_caseload_and_the_runner_is_told(mailoutbox):
    enrolment = an_enrolment(a_runner())
    code = made_by(signed_in(enrolment.runner))
    petra = a_clinician()
    answer = signed_in(petra).post(reverse("code"), {"code": code.lower()}, follow=True)
    assert "Rosa Runner has let you in" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("caseload")
    assert reverse("runner", args=[enrolment.public_id]) in answer.content.decode()
    consent = Consent.objects.get()
    assert (consent.via, consent.text_version) == (ConsentVia.OFFER, CONSENT_TEXT_VERSION)
    (mail,) = delivered_mails()
    assert mail.to == ["rosa@example.org"]
    assert "Petra Physio (petra@example.org) has taken the code" in mail.body
    assert "/account/access/" in mail.body


def test_a_code_works_once():
    code = make_offer(runner=a_runner(), now=NOW)
    accept_offer(code=code, clinician=a_clinician(), now=NOW)
    with pytest.raises(Refused):
        accept_offer(code=code, clinician=a_clinician("paul@example.org"), now=NOW)
    assert Consent.objects.count() == 1


def test_a_code_lives_a_week():
    petra, rosa = a_clinician(), a_runner()
    code = make_offer(runner=rosa, now=NOW)
    with pytest.raises(Refused):
        accept_offer(code=code, clinician=petra, now=NOW + LIFE)
    assert accept_offer(code=code, clinician=petra, now=NOW + LIFE - SECOND)


def test_the_code_of_a_closed_account_is_dead():
    rosa = a_runner()
    code = make_offer(runner=rosa, now=NOW)
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    with pytest.raises(Refused):
        accept_offer(code=code, clinician=a_clinician(), now=NOW)


def test_every_wrong_code_gets_the_same_answer():
    """Used, withdrawn, run out, never made or no code at all: nobody learns which."""
    rosa = a_runner()
    used, withdrawn = make_offer(runner=rosa, now=timezone.now()), ""
    accept_offer(code=used, clinician=a_clinician("paul@example.org"), now=timezone.now())
    withdrawn = make_offer(runner=rosa, now=timezone.now())
    make_offer(runner=rosa, now=timezone.now())
    browser = signed_in(a_clinician())
    said = set()
    for code in (used, withdrawn, "2" * 12, "nonsense", "%s" * 20, used + "2"):
        answer = browser.post(reverse("code"), {"code": code})
        assert answer.status_code == 200
        page = answer.content.decode()
        said.add(re.sub(r'value="[^"]*"', "", page))
        assert "Rosa" not in page
    assert len(said) == 1
    assert "This code does not work" in said.pop()


def test_an_empty_code_is_asked_for():
    page = signed_in(a_clinician()).post(reverse("code"), {"code": " "}).content.decode()
    assert "Enter the code." in page


def test_trying_codes_is_slowed_down():
    browser = signed_in(a_clinician())
    answers = [browser.post(reverse("code"), {"code": "2" * 12}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert browser.get(reverse("code")).status_code == 200


# --- the link and the picture -----------------------------------------------------
def test_the_link_shows_the_code_and_nothing_of_the_runner():
    code = make_offer(runner=a_runner(), now=timezone.now())
    browser = signed_in(a_clinician())
    page = browser.get(reverse("code_link", args=[code])).content.decode()
    assert f'value="{grouped(code)}"' in page
    assert "Rosa" not in page and "rosa@" not in page
    assert Invitation.objects.get().outcome == InvitationOutcome.OPEN


def test_the_link_does_not_tell_a_code_from_none():
    """Or it could be asked as often as one likes."""
    code = make_offer(runner=a_runner(), now=timezone.now())
    browser = signed_in(a_clinician())
    pages = [browser.get(reverse("code_link", args=[each])) for each in (code, "2" * 12)]
    assert [page.status_code for page in pages] == [200, 200]
    bare = [re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages]
    assert bare[0] == bare[1]
    assert browser.get("/account/code/-_-/").status_code == 404


def test_whoever_is_no_physiotherapist_is_told_whose_link_it_is():
    rosa = a_runner()
    code = make_offer(runner=rosa, now=timezone.now())
    for person in (rosa, a_manager()):
        answer = signed_in(person).get(reverse("code_link", args=[code]))
        assert answer.status_code == 403
        assert "This link is for a physiotherapist" in answer.content.decode()
    assert Invitation.objects.get().outcome == InvitationOutcome.OPEN


def test_a_stranger_is_led_to_the_sign_in_and_back():
    address = reverse("code_link", args=["2" * 12])
    assert signed_in(None).get(address).url == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("who", [a_clinician, a_manager])
def test_codes_are_made_by_runners_and_taken_by_physiotherapists(who):
    person = who()
    assert signed_in(person).post(reverse("offer")).status_code == 403
    with pytest.raises(Refused):
        make_offer(runner=person, now=NOW)
    rosa = a_runner()
    code = make_offer(runner=rosa, now=NOW)
    assert signed_in(rosa).post(reverse("code"), {"code": code}).status_code == 403
    with pytest.raises(Refused):
        accept_offer(code=code, clinician=rosa, now=NOW)
