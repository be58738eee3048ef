"""The administration of people: closed and opened, never become."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Act, Role, User
from accounts.services import grant_consent
from tests.builders import a_published_version, an_enrolment
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db
FORBIDDEN = {
    "email": "mallory@example.org",
    "name": "Mallory",
    "role": "manager",
    "password": "seven other kilometres",
    "is_staff": "on",
    "is_superuser": "on",
    "time_zone": "Asia/Tokyo",
    "erased_at_0": "2026-01-01",
}


@pytest.fixture
def manager() -> User:
    return a_manager()


@pytest.fixture
def browser(manager):
    return signed_in(manager)


def change(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def test_a_manager_adds_another_who_has_no_password_yet(browser):
    answer = browser.post(reverse("admin:accounts_user_add"), {"email": "Max@Example.org", "name": "Max"})
    assert answer.status_code == 302
    added = User.objects.get(email="max@example.org")
    assert (added.role, added.is_staff, added.has_usable_password()) == (Role.MANAGER, True, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "\u200b\u202e"), ("email", "max@example.org@x"), ("email", "m\u0430x@example.org")],
)
def test_a_manager_is_added_by_a_name_and_an_address_that_can_be_read(browser, field, value):
    answer = browser.post(
        reverse("admin:accounts_user_add"), {"email": "max@example.org", "name": "Max", field: value}
    )
    assert field in answer.context["adminform"].form.errors


def test_nobody_else_is_made_there(browser):
    browser.post(
        reverse("admin:accounts_user_add"), FORBIDDEN | {"email": "x@example.org", "role": "clinician"}
    )
    assert User.objects.get(email="x@example.org").role == Role.MANAGER


@pytest.mark.parametrize("person", [a_runner, a_clinician])
def test_an_account_is_closed_and_nothing_else_of_it_changed(browser, person):
    user = person()
    before = {field.name: getattr(user, field.name) for field in User._meta.fields}
    assert browser.post(change(user), FORBIDDEN).status_code == 302
    user.refresh_from_db()
    after = {field.name: getattr(user, field.name) for field in User._meta.fields}
    assert after == before | {"is_active": False}


def test_there_is_no_way_to_set_the_password_of_somebody(browser):
    user = a_runner()
    assert browser.get(f"/admin/accounts/user/{user.pk}/password/").status_code in (302, 404)
    before = user.password
    browser.post(
        f"/admin/accounts/user/{user.pk}/password/",
        {"password1": "new kilometres now", "password2": "new kilometres now", "usable_password": "true"},
    )
    user.refresh_from_db()
    assert user.password == before


def test_nobody_closes_the_account_that_she_is_using(browser, manager):
    browser.post(change(manager), {})
    manager.refresh_from_db()
    assert manager.is_active


def test_an_erased_account_stays_closed(browser):
    user = a_runner()
    User.objects.filter(pk=user.pk).update(erased_at=timezone.now(), is_active=False)
    browser.post(change(user), {"is_active": "on"})
    user.refresh_from_db()
    assert not user.is_active
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)


@pytest.mark.parametrize("model", [EmailAddress, Authenticator, UserSession])
def test_what_would_let_a_manager_become_somebody_is_not_there(model):
    assert not admin.site.is_registered(model)


AUDITED = [
    f"{model._meta.app_label}_{model._meta.model_name}"
    for model, page in admin.site._registry.items()
    if hasattr(page, "runner_of")
]


@pytest.mark.parametrize("name", AUDITED)
def test_every_look_at_records_of_runners_is_written_down(browser, manager, name):
    a_published_version()
    runner = a_runner()
    an_enrolment(runner)
    grant_consent(runner=runner, clinician=a_clinician(), now=timezone.now())
    before = set(AccessRecord.objects.values_list("pk", flat=True))
    assert browser.get(reverse(f"admin:{name}_changelist")).status_code == 200
    written = AccessRecord.objects.exclude(pk__in=before)
    # Those of which such a runner has a row.
    listed = {
        "accounts_user",
        "accounts_consent",
        "accounts_accessrecord",
        "programs_enrolment",
        "programs_intake",
    }
    assert bool(written) == (name in listed)
    assert all((row.runner, row.actor, row.act) == (runner, manager, Act.ADMIN) for row in written)


def test_an_opened_record_is_written_down_for_its_runner_alone(browser, manager):
    runner, other = a_runner(), a_runner("olga@example.org", "Olga")
    assert browser.get(change(runner)).status_code == 200
    row = AccessRecord.objects.get()
    assert (row.runner, row.actor, row.detail) == (runner, manager, "user in the administration")
    assert row.origin == "127.0.0.1"
    assert not AccessRecord.objects.filter(runner=other).exists()


def test_a_page_that_was_refused_leaves_no_row(browser):
    assert browser.get(reverse("admin:accounts_user_change", args=[999_999])).status_code == 302
    assert not AccessRecord.objects.exists()
