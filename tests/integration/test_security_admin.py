"""Forged forms of the administration: rows of somebody else, and rows that nobody may add or delete."""

import pytest
from django.contrib import admin
from django.urls import reverse

from programs.models import ProgrammeVersion
from tests.builders import a_published_version
from tests.support.people import PASSWORD, a_manager, signed_in

pytestmark = pytest.mark.django_db


def rows() -> list[tuple]:
    return sorted(
        ProgrammeVersion.objects.values_list("pk", "template_id", "number", "status", "note", "content_hash")
    )


@pytest.mark.parametrize("number", ["0", "1", "2", "1000", "-1", "a"])
@pytest.mark.parametrize("initial", ["0", "1", "2", "1000"])
def test_forged_rows_of_a_template_change_nothing(number, initial):
    """Django took the key of a row from the form, and with it rows that were not of this page."""
    here, other = a_published_version(), a_published_version("lbp-chronic")
    before = rows()
    page = reverse("admin:programs_programmetemplate_change", args=[here.template_id])
    forged = {
        "title": "Changed",
        "family": "changed",
        "versions-TOTAL_FORMS": number,
        "versions-INITIAL_FORMS": initial,
        "versions-0-id": other.pk,
        "versions-0-template": here.template_id,
        "versions-0-note": "Changed",
        "versions-0-status": "draft",
        "versions-0-DELETE": "on",
        "versions-1-id": "",
        "versions-1-template": here.template_id,
        "versions-1-number": "9",
        "versions-1-document": "{}",
        "_save": "Save",
    }
    assert signed_in(a_manager()).post(page, forged).status_code < 500
    assert rows() == before
    here.template.refresh_from_db()
    assert here.template.family != "changed"


def test_a_row_is_deleted_through_no_form_of_the_administration():
    for model in admin.site._registry:
        client = signed_in(a_manager(f"{model._meta.model_name}@example.org"))
        kept = model.objects.count()
        names = (model._meta.app_label, model._meta.model_name)
        for row in model.objects.all()[:3]:
            path = reverse("admin:{}_{}_delete".format(*names), args=[row.pk])
            assert client.post(path, {"post": "yes"}).status_code in (403, 404)
        picked = {"action": "delete_selected", "_selected_action": ["1", "2"], "post": "yes"}
        client.post(reverse("admin:{}_{}_changelist".format(*names)), picked)
        assert model.objects.count() == kept, model


@pytest.mark.parametrize("new", ["a new one, of eight words, for the test", "a" * 5000])
def test_no_password_is_changed_past_our_own_page(new):
    """Django's own form takes any length and tells nobody."""
    manager = a_manager()
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = signed_in(manager).post(reverse("admin:password_change"), form)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_change_password"))
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD)
