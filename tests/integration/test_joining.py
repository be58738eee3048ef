"""The link of an invitation to join: who may use it, once, and what it makes."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.forms.joining import JoinForm
from accounts.models import AccountMail, Clinic, Invitation, User
from accounts.selectors.joining import received_join
from accounts.services.clinics import leave_clinic
from accounts.services.errors import Refused
from accounts.services.joins import invite_clinician, join_as_known, join_as_new
from accounts.services.second_factor import add_authenticator_app
from tests.support.clinics import DAY, NOW, a_clinic, a_colleague, the_manager
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, TOTP_SECRET, a_clinician, a_runner, signed_in

pytestmark = pytest.mark.django_db
LENA = "lena@example.org"
ANSWER = {"name": "Lena Lang", "password": PASSWORD, "time_zone": "Europe/Vienna"}


@pytest.fixture
def petra() -> User:
    return a_clinician()


@pytest.fixture
def riverside(petra) -> Clinic:
    return a_clinic(petra, leads=(petra,))


def secret_of_the_mail() -> str:
    return re.search(r"/account/join/([\w-]+)/", AccountMail.objects.filter(kind="join").latest("pk").text)[1]


def invited(by: User, email: str = LENA, **fields) -> str:
    """The secret in the link that the mail carries."""
    invite_clinician(email=email, by=by, **({"now": timezone.now()} | fields))
    return secret_of_the_mail()


def link(secret: str) -> str:
    return reverse("join", args=[secret])


def words_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- the mail --------------------------------------------------------------------------------------
def test_the_mail_carries_the_link_and_the_row_only_its_digest(petra, riverside):
    secret = invited(petra, clinic=riverside)
    mail = AccountMail.objects.get(kind="join")
    assert (mail.email, mail.recipient) == (LENA, None)
    for part in (mail.text, mail.html):
        assert f"http://127.0.0.1:8000/account/join/{secret}/" in part
        assert "Petra Physio" in part and "Riverside" in part
    assert secret not in mail.subject
    assert secret not in Invitation.objects.get().secret_digest


def test_names_in_a_mail_are_words_and_no_markup():
    eve = a_clinician(email="eve@example.org", name="<img src=//x> Eve")
    invited(eve, clinic=a_clinic(eve, name="A & B", leads=(eve,)))
    mail = AccountMail.objects.get(kind="join")
    assert "<img src=//x> Eve invites you to join A & B" in mail.text
    assert "&lt;img src=//x&gt; Eve invites you to join A &amp; B" in mail.html


def test_a_link_is_looked_up_in_two_queries(petra, riverside, django_assert_num_queries):
    secret = invited(petra, clinic=riverside)
    with django_assert_num_queries(2):
        received = received_join(secret=secret, now=timezone.now())
    assert (received.inviter, received.clinic, received.email) == ("Petra Physio", "Riverside", LENA)


def test_a_new_invitation_ends_the_one_before(petra, riverside):
    first = invited(petra, clinic=riverside)
    second = invited(petra, clinic=riverside)
    browser = signed_in(None)
    assert browser.get(link(first)).status_code == 404
    assert browser.get(link(second)).status_code == 200


# --- a stranger ------------------------------------------------------------------------------------
def test_looking_writes_nothing_however_often(petra, riverside):
    secret = invited(petra, clinic=riverside, as_lead=True)
    before = Invitation.objects.values().get()
    for method in ("get", "head", "options"):
        getattr(signed_in(None), method)(link(secret))
    page = words_of(signed_in(None).get(link(secret)))
    assert "Petra Physio invites you to join Riverside and to lead it" in page
    assert Invitation.objects.values().get() == before
    assert not User.objects.filter(email=LENA).exists()


def test_the_page_shows_the_address_and_keeps_no_copy_in_a_cache(petra, riverside):
    answer = signed_in(None).get(link(invited(petra, clinic=riverside)))
    assert f'value="{LENA}" autocomplete="username" readonly' in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_she_makes_her_account_and_is_signed_in_and_led_to_the_second_factor(petra, riverside):
    browser = signed_in(None)
    answer = browser.post(link(invited(petra, clinic=riverside)), ANSWER, follow=True)
    lena = User.objects.get(email=LENA)
    assert (lena.name, lena.role, lena.time_zone) == ("Lena Lang", "clinician", "Europe/Vienna")
    assert not (lena.is_staff or lena.is_superuser)
    assert lena.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=lena).verified
    assert lena.memberships.get().clinic == riverside
    assert not lena.memberships.get().is_lead
    assert Invitation.objects.get().settled_by == lena
    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    # Just typed, so the set-up of the second factor does not ask for it again.
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200


def test_signing_in_changes_the_key_of_the_session_and_is_listed(petra, riverside):
    secret = invited(petra, clinic=riverside)
    browser = Client()
    session = browser.session
    session["left_by"] = "somebody who chose this key"
    session.save()
    before = session.session_key
    browser.post(link(secret), ANSWER)
    assert browser.session.session_key != before
    assert UserSession.objects.filter(user__email=LENA, session_key=browser.session.session_key).exists()


def test_nobody_joins_as_more_than_was_invited(petra, riverside):
    more = {
        "email": "other@example.org",
        "role": "manager",
        "is_staff": "on",
        "is_superuser": "on",
        "is_lead": "on",
        "as_lead": "on",
        "clinic": "1",
        "is_active": "",
    }
    signed_in(None).post(link(invited(petra, clinic=riverside)), ANSWER | more)
    lena = User.objects.get(email=LENA)
    assert (lena.role, lena.is_staff, lena.is_superuser, lena.is_active) == ("clinician", False, False, True)
    assert not lena.memberships.get().is_lead
    assert not User.objects.filter(email="other@example.org").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "  "}, "Enter a name"),
        ({"password": "short"}, "too short"),
        ({"password": "lena@example.org"}, "too similar to the e-mail address"),
        ({"password": "password1234"}, "too common"),
        ({"time_zone": "Mars/Olympus"}, "not one of the available choices"),
        ({"name": "x" * 81}, "at most 80 characters"),
    ],
)
def test_what_is_wrong_is_said_and_the_invitation_stays_open(petra, riverside, change, says):
    answer = signed_in(None).post(link(invited(petra, clinic=riverside)), ANSWER | change)
    assert says in words_of(answer)
    assert 'class="error-summary"' in answer.content.decode()
    assert not User.objects.filter(email=LENA).exists()
    assert Invitation.objects.get().outcome == "open"


def test_no_browser_cuts_a_long_password_off():
    assert "maxlength" not in str(JoinForm(email=LENA)["password"])


def test_a_link_works_once(petra, riverside):
    secret = invited(petra, clinic=riverside)
    signed_in(None).post(link(secret), ANSWER)
    again = signed_in(None).post(link(secret), ANSWER | {"name": "Eve"})
    assert again.status_code == 404
    assert User.objects.filter(role="clinician").count() == 2


def test_a_site_manager_invites_without_a_clinic():
    signed_in(None).post(link(invited(the_manager())), ANSWER)
    assert not User.objects.get(email=LENA).memberships.exists()


def test_a_lead_may_be_invited(petra, riverside):
    signed_in(None).post(link(invited(petra, clinic=riverside, as_lead=True)), ANSWER)
    assert User.objects.get(email=LENA).memberships.get().is_lead


@pytest.mark.parametrize("owner", [a_runner, a_clinician])
def test_an_address_that_has_an_account_is_led_to_the_sign_in(owner):
    manager = the_manager()
    known = owner(email=LENA, name="Known Already")
    secret = invited(manager)
    answer = signed_in(None).post(link(secret), ANSWER)
    assert "This address has an account already" in words_of(answer)
    known.refresh_from_db()
    assert known.name == "Known Already"
    assert User.objects.count() == 2
    assert Invitation.objects.get().outcome == "open"


# --- a dead link -----------------------------------------------------------------------------------
def test_what_never_was_and_what_is_over_look_the_same(petra, riverside):
    over = invited(petra, clinic=riverside)
    Invitation.objects.update(invited_at=NOW - 30 * DAY, expires_at=NOW - DAY)
    taken_back = invited(petra, clinic=riverside, email="other@example.org")
    Invitation.objects.filter(email="other@example.org").update(
        outcome="withdrawn", settled_at=NOW, settled_by=petra
    )
    answers = [signed_in(None).get(link(secret)) for secret in (over, taken_back, "x" * 22)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({words_of(answer) for answer in answers}) == 1
    assert signed_in(None).post(link(over), ANSWER).status_code == 404


@pytest.mark.parametrize("became", ["left", "no lead", "closed"])
def test_an_invitation_dies_with_the_right_to_invite(petra, riverside, became):
    secret = invited(petra, clinic=riverside)
    if became == "left":
        leave_clinic(membership=petra.memberships.get(), by=petra, now=timezone.now())
    elif became == "no lead":
        petra.memberships.update(is_lead=False)
    else:
        User.objects.filter(pk=petra.pk).update(is_active=False)
    assert signed_in(None).get(link(secret)).status_code == 404
    with pytest.raises(Refused):
        join_as_new(secret=secret, now=timezone.now(), **ANSWER)


# --- somebody who is signed in -------------------------------------------------------------------------
def test_a_physiotherapist_joins_with_one_button(petra, riverside):
    lena = a_clinician(email=LENA, name="Lena Lang")
    browser = signed_in(lena)
    secret = invited(petra, clinic=riverside)
    assert "Join Riverside" in words_of(browser.get(link(secret)))
    assert not lena.memberships.exists()
    assert "Welcome to Riverside" in words_of(browser.post(link(secret), follow=True))
    assert lena.memberships.get().clinic == riverside
    assert browser.get(link(secret)).status_code == 404


def test_whoever_is_in_another_clinic_leaves_that_first(petra, riverside):
    lena = a_clinician(email=LENA, name="Lena Lang")
    a_clinic(lena, name="Next Door")
    secret = invited(petra, clinic=riverside)
    answer = signed_in(lena).post(link(secret), follow=True)
    assert "You are in another clinic" in words_of(answer)
    assert Invitation.objects.get().outcome == "open"
    leave_clinic(membership=lena.memberships.get(), by=lena, now=timezone.now())
    signed_in(lena).post(link(secret))
    assert lena.memberships.get(left_at__isnull=True).clinic == riverside


def test_an_invitation_of_somebody_else_does_not_exist(petra, riverside):
    secret = invited(petra, clinic=riverside)
    never = words_of(signed_in(None).get(link("x" * 22)))
    for person in (a_colleague(), a_runner(), the_manager()):
        for method in ("get", "post"):
            answer = getattr(signed_in(person), method)(link(secret), ANSWER)
            assert answer.status_code == 404
            assert LENA not in answer.content.decode()
            assert "Riverside" not in words_of(answer)
    assert "not open for you" in never
    with pytest.raises(Refused):
        join_as_known(secret=secret, user=a_colleague("Olga Physio"), now=timezone.now())
    assert Invitation.objects.get().outcome == "open"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_runner_is_told_why_her_account_cannot_join(petra, riverside, method):
    rosa = a_runner(email=LENA)
    secret = invited(petra, clinic=riverside)
    answer = getattr(signed_in(rosa), method)(link(secret))
    assert answer.status_code == 403
    assert "one account is never both" in words_of(answer)
    with pytest.raises(Refused, match="not a physiotherapist's"):
        join_as_known(secret=secret, user=rosa, now=timezone.now())
    rosa.refresh_from_db()
    assert rosa.role == "runner"


# --- an empty installation ----------------------------------------------------------------------------
def test_the_first_manager_comes_from_the_command_line_and_invites_the_first_physiotherapist(
    monkeypatch, mailoutbox
):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", "--email", "mara@example.org", verbosity=0)
    mara = User.objects.get()
    assert mara.is_manager and mara.is_staff
    browser = signed_in(None)
    answer = browser.post(reverse("account_login"), {"login": mara.email, "password": PASSWORD})
    code = re.search(r"^ {4}(\S+)$", delivered_mails()[-1].body, re.MULTILINE)[1]
    answer = browser.post(answer.url, {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    add_authenticator_app(user=mara, secret=TOTP_SECRET)
    signed_in(mara).post(reverse("join_invite"), {"email": LENA})
    assert signed_in(None).post(link(secret_of_the_mail()), ANSWER).status_code == 302
    assert User.objects.get(email=LENA).is_clinician
