"""Accounts, consent and sign-in through the database and the pages."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from accounts.models import Consent, User
from accounts.selectors import access_in_force, has_consent
from accounts.services import (
    create_account,
    grant_consent,
    revoke_consent,
)
from accounts.services.errors import Refused
from rehab.edge import HEADERS
from tests.support.mails import delivered_mails
from tests.support.people import PASSWORD, a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db

MORNING = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
NOON = MORNING + datetime.timedelta(hours=4)
SIGN_UP = {
    "name": "Nora New",
    "email": "nora@example.org",
    "password1": PASSWORD,
    "adult": "on",
    "time_zone": "Asia/Tokyo",
}


# --- rows ---------------------------------------------------------------------
def test_an_address_has_one_account_whatever_its_case():
    a_runner(email="rosa@example.org")
    with pytest.raises(IntegrityError, match="one_account_per_address|UNIQUE"), transaction.atomic():
        User.objects.create(email="ROSA@Example.org", name="Another")


def test_a_role_that_is_none_is_refused():
    rosa = a_runner()
    with pytest.raises(IntegrityError, match="user_role_is_known"), transaction.atomic():
        User.objects.filter(pk=rosa.pk).update(role="patient")


def test_nobody_consents_to_herself():
    petra = a_clinician()
    with pytest.raises(IntegrityError, match="nobody_consents_to_herself"), transaction.atomic():
        Consent.objects.create(runner=petra, clinician=petra, granted_at=MORNING)


def test_a_consent_does_not_end_before_it_began():
    with pytest.raises(IntegrityError, match="consent_is_revoked_after"), transaction.atomic():
        Consent.objects.create(
            runner=a_runner(), clinician=a_clinician(), granted_at=NOON, revoked_at=MORNING
        )


def test_whoever_takes_part_in_a_consent_is_not_deleted():
    rosa, petra = a_runner(), a_clinician()
    grant_consent(runner=rosa, clinician=petra, now=MORNING)
    for person in (rosa, petra):
        with pytest.raises(ProtectedError):
            person.delete()


# --- services -------------------------------------------------------------------
def test_granting_twice_is_granting_once():
    rosa, petra = a_runner(), a_clinician()
    first = grant_consent(runner=rosa, clinician=petra, now=MORNING)
    assert grant_consent(runner=rosa, clinician=petra, now=NOON) == first
    assert Consent.objects.get().granted_at == MORNING


def test_a_revoked_consent_stays_as_history_and_can_be_given_again():
    rosa, petra = a_runner(), a_clinician()
    grant_consent(runner=rosa, clinician=petra, now=MORNING)
    assert revoke_consent(runner=rosa, clinician=petra, now=NOON) == 1
    assert revoke_consent(runner=rosa, clinician=petra, now=NOON) == 0
    assert not has_consent(runner_id=rosa.pk, clinician=petra, now=NOON)
    grant_consent(runner=rosa, clinician=petra, now=NOON)
    assert has_consent(runner_id=rosa.pk, clinician=petra, now=NOON)
    assert Consent.objects.count() == 2


def test_consent_goes_from_a_runner_to_a_physiotherapist_only():
    rosa, other_runner, petra = a_runner(), a_runner(email="ruth@example.org"), a_clinician()
    for giver, taker in ((rosa, other_runner), (petra, rosa)):
        with pytest.raises(Refused):
            grant_consent(runner=giver, clinician=taker, now=MORNING)


def test_an_account_needs_a_zone_that_exists():
    with pytest.raises(ValidationError):
        create_account(email="x@example.org", name="X", password=None, time_zone="Mars/Olympus")


def test_access_is_listed_in_one_query(django_assert_num_queries):
    rosa = a_runner()
    for n in range(3):
        grant_consent(runner=rosa, clinician=a_clinician(email=f"p{n}@example.org"), now=MORNING)
    with django_assert_num_queries(1):
        accesses = access_in_force(runner=rosa, now=NOON)
    assert [access.email for access in accesses] == [f"p{n}@example.org" for n in range(3)]
    assert {access.since for access in accesses} == {MORNING}


def test_access_is_shown_since_the_runners_own_date():
    rosa = a_runner(time_zone="Pacific/Auckland")
    late = datetime.datetime(2026, 11, 20, 20, tzinfo=datetime.UTC)  # the 21st in Auckland
    grant_consent(runner=rosa, clinician=a_clinician(), now=late)
    assert "Since 21 November 2026" in signed_in(rosa).get(reverse("access")).content.decode()


# --- sign-up and sign-in ------------------------------------------------------------
def test_sign_up_asks_for_the_code_from_the_mail(mailoutbox):
    client = signed_in(None)
    response = client.post(reverse("account_signup"), SIGN_UP)
    assert response.url == reverse("account_email_verification_sent")
    code = re.search(r"^ {4}(\S+)$", delivered_mails()[0].body, re.MULTILINE)[1]
    response = client.post(response.url, {"code": code})
    assert response.url == reverse("home")
    nora = User.objects.get(email="nora@example.org")
    assert (nora.name, nora.role, nora.time_zone, nora.is_staff) == (
        "Nora New",
        "runner",
        "Asia/Tokyo",
        False,
    )
    assert EmailAddress.objects.get(user=nora).verified


def test_nobody_signs_herself_up_as_anything_but_a_runner(mailoutbox):
    more = {"role": "clinician", "is_staff": "on", "is_superuser": "on"}
    client = signed_in(None)
    client.post(reverse("account_signup"), SIGN_UP | more)
    code = re.search(r"^ {4}(\S+)$", delivered_mails()[0].body, re.MULTILINE)[1]
    client.post(reverse("account_email_verification_sent"), {"code": code} | more)
    nora = User.objects.get(email="nora@example.org")
    assert (nora.role, nora.is_staff, nora.is_superuser) == ("runner", False, False)


def test_sign_up_with_a_known_address_looks_the_same_and_tells_its_owner(mailoutbox):
    a_runner(email="nora@example.org")
    response = signed_in(None).post(reverse("account_signup"), SIGN_UP)
    assert response.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert "already have an account" in delivered_mails()[0].subject


def test_errors_keep_what_was_typed():
    response = signed_in(None).post(reverse("account_signup"), SIGN_UP | {"adult": ""})
    page = response.content.decode()
    assert 'value="Nora New"' in page
    assert 'class="error-summary"' in page
    assert 'href="#id_adult"' in page


@pytest.mark.parametrize("email", ["rosa@example.org", "nobody@example.org"])
def test_a_wrong_sign_in_does_not_tell_which_part_was_wrong(email):
    a_runner()
    response = signed_in(None).post(reverse("account_login"), {"login": email, "password": "not this one"})
    assert "do not go together" in response.content.decode()


def test_sign_in_takes_the_address_in_any_case():
    a_runner()
    response = signed_in(None).post(
        reverse("account_login"), {"login": "Rosa@Example.ORG", "password": PASSWORD}
    )
    assert response.url == reverse("home")


def test_sign_out_needs_a_post():
    client = signed_in(a_runner())
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("account")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("account")).status_code == 302


def test_links_in_mails_ignore_the_host_header(mailoutbox, settings):
    settings.SITE_URL = "https://rehab.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    a_runner()
    signed_in(None).post(
        reverse("account_reset_password"), {"email": "rosa@example.org"}, headers={"host": "evil.example"}
    )
    mail = delivered_mails()[0]
    everything = mail.subject + mail.body + mail.alternatives[0][0]
    assert "https://rehab.example.org/accounts/password/reset/key/" in mail.body
    assert "evil.example" not in everything


def test_a_reset_link_sets_a_new_password_once(mailoutbox, settings):
    a_runner()
    client = signed_in(None)
    client.post(reverse("account_reset_password"), {"email": "rosa@example.org"})
    link = re.search(r"/accounts/password/reset/key/\S+", delivered_mails()[0].body)[0]
    page = client.get(link, follow=True)
    new = {"password1": "another calm kilometre", "password2": "another calm kilometre"}
    client.post(page.redirect_chain[-1][0], new)
    assert client.login(email="rosa@example.org", password=new["password1"])
    assert "This link does not work" in signed_in(None).get(link, follow=True).content.decode()


def test_a_change_of_password_is_told_by_mail(mailoutbox):
    client = signed_in(a_runner())
    new = {
        "oldpassword": PASSWORD,
        "password1": "another calm kilometre",
        "password2": "another calm kilometre",
    }
    client.post(reverse("account_change_password"), new)
    assert [mail.subject for mail in delivered_mails()] == ["Rehab: Your password was changed"]


# --- who may open what ------------------------------------------------------------------
@pytest.mark.parametrize("name", ["account", "access"])
def test_strangers_are_sent_to_the_sign_in(name):
    assert signed_in(None).get(reverse(name)).url.startswith(reverse("account_login"))


def test_access_is_for_runners():
    assert signed_in(a_clinician()).get(reverse("access")).status_code == 403


def test_somebody_elses_consent_is_not_there():
    consent = grant_consent(runner=a_runner(), clinician=a_clinician(), now=MORNING)
    ruth = signed_in(a_runner(email="ruth@example.org"))
    assert ruth.post(reverse("access_revoke", args=[consent.public_id])).status_code == 404
    assert Consent.objects.unrevoked().exists()


def test_pages_of_a_signed_in_person_are_not_stored():
    response = signed_in(a_runner()).get(reverse("account"))
    assert "no-store" in response["Cache-Control"]


def test_a_page_forbids_every_feature_that_the_edge_names():
    response = signed_in(a_runner()).get(reverse("account"))
    assert response["Permissions-Policy"] == HEADERS["Permissions-Policy"]


# --- administration ------------------------------------------------------------------------
def test_the_admin_uses_our_sign_in():
    response = signed_in(None).get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_physiotherapist_without_a_password_sets_one_by_mail(mailoutbox):
    create_account(email="paul@example.org", name="Paul", password=None, role="clinician")
    signed_in(None).post(reverse("account_reset_password"), {"email": "paul@example.org"})
    assert "/accounts/password/reset/key/" in delivered_mails()[0].body


def test_consents_are_read_only_in_the_admin():
    consent = grant_consent(runner=a_runner(), clinician=a_clinician(), now=MORNING)
    client = signed_in(a_manager())
    assert client.get(reverse("admin:accounts_consent_changelist"), {"q": "Rosa"}).status_code == 200
    assert client.get(reverse("admin:accounts_consent_add")).status_code == 403
    address = reverse("admin:accounts_consent_change", args=[consent.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"text_version": 9}).status_code == 403


# --- error pages ----------------------------------------------------------------------------
def test_an_unknown_page_says_what_to_do():
    response = signed_in(a_runner()).get("/no/such/page/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_a_form_without_its_token_says_what_to_do():
    client = signed_in(None)
    client.handler.enforce_csrf_checks = True
    response = client.post(reverse("account_login"), {"login": "rosa@example.org", "password": PASSWORD})
    assert response.status_code == 403
    assert "Please send that again" in response.content.decode()


def test_a_crash_shows_nothing_of_the_inside(monkeypatch):
    def crash(**kwargs):
        raise RuntimeError("secret inside")

    monkeypatch.setattr("accounts.views.access.access_page", crash)
    client = signed_in(a_runner())
    client.raise_request_exception = False
    response = client.get(reverse("access"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert "secret" not in response.content.decode()
