"""Every way in which the administration names a runner leaves a row in her audit."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Act
from accounts.services import grant_consent
from tests.support.people import a_clinician, a_manager, a_runner, signed_in

pytestmark = pytest.mark.django_db


def looks(runner) -> list[str]:
    return list(AccessRecord.objects.filter(runner=runner, act=Act.ADMIN).values_list("detail", flat=True))


def test_the_history_of_a_record_names_her_and_is_a_look():
    runner = a_runner()
    consent = grant_consent(runner=runner, clinician=a_clinician(), now=timezone.now())
    answer = signed_in(a_manager()).get(reverse("admin:accounts_consent_history", args=[consent.pk]))
    assert answer.status_code == 200
    assert looks(runner) == ["history of consent in the administration"]


def test_whoever_closes_her_account_is_written_down():
    runner = a_runner()
    signed_in(a_manager()).post(reverse("admin:accounts_user_change", args=[runner.pk]), {})
    runner.refresh_from_db()
    assert not runner.is_active
    assert looks(runner) == ["user in the administration"]


def test_nobody_looks_names_up_by_the_suggestions_for_a_field():
    a_runner()
    asked = {"app_label": "accounts", "model_name": "consent", "field_name": "runner", "term": "rosa"}
    answer = signed_in(a_manager()).get(reverse("admin:autocomplete"), asked)
    assert answer.status_code == 403
    assert "Rosa" not in answer.content.decode()
