"""What every door has in common: it tells nothing by its refusal, and acts only on a real form."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRecord
from programs.models import Override
from tests.access.stage import ELSEWHERE, HERS, LET_IN, REVOKED, RUNNER, SHUT_OUT, Stage, set_the_stage

pytestmark = pytest.mark.django_db
OF_A_RUNNER = ("runner", "override_hold", "override_stage", "override_clear")


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield set_the_stage()
        transaction.set_rollback(True)


def url(stage: Stage, name: str) -> str:
    return reverse(name, args=stage.things["her enrolment"])


@pytest.mark.parametrize("name", OF_A_RUNNER)
def test_not_yours_and_not_there_look_the_same(stage, name):
    browser = stage.browser(ELSEWHERE)
    not_hers = browser.get(url(stage, name))
    missing = browser.get(reverse(name, args=(uuid.uuid4(),)))
    assert not_hers.status_code == 404
    assert without_token(not_hers) == without_token(missing)


def without_token(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


@pytest.mark.parametrize("name", OF_A_RUNNER[1:])
@pytest.mark.parametrize("who", SHUT_OUT)
def test_a_sound_form_of_somebody_who_is_shut_out_does_nothing(stage, who, name):
    form = {"reason": "x" * 10, "until": "2030-01-01", "stage": "S1_walking", "review_on": "2030-01-01"}
    before = counts()
    assert stage.browser(who).post(url(stage, name), form).status_code == 404
    assert counts() == before


def counts() -> dict[str, int]:
    models = [model for app in ("accounts", "programs") for model in apps.get_app_config(app).get_models()]
    return {model._meta.db_table: model._base_manager.count() for model in models}


@pytest.mark.parametrize("who", LET_IN)
def test_a_form_in_the_address_is_only_looked_at(stage, who):
    """A mail scanner, or a browser that loads ahead, must not act."""
    before = Override.objects.count()
    for name in OF_A_RUNNER:
        stage.browser(who).get(url(stage, name), {"reason": "x" * 9, "until": "2030-01-01"})
    assert Override.objects.count() == before


def test_a_forged_form_without_its_token_does_not_act(stage):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = stage.browser(HERS).cookies
    answer = browser.post(url(stage, "override_hold"), {"until": "2030-01-01", "reason": "forged"})
    assert answer.status_code == 403
    assert not Override.objects.filter(reason="forged").exists()


@pytest.mark.parametrize("name", OF_A_RUNNER)
def test_personal_pages_are_not_kept_by_a_browser(stage, name):
    assert "no-store" in stage.browser(HERS).get(url(stage, name)).headers["Cache-Control"]


@pytest.mark.parametrize("name", OF_A_RUNNER)
def test_every_look_is_one_row_of_the_audit_and_a_refused_one_is_none(stage, name):
    runner = stage.people[RUNNER]
    before = AccessRecord.objects.count()
    stage.browser(REVOKED).get(url(stage, name))
    assert AccessRecord.objects.count() == before
    stage.browser(HERS).get(url(stage, name))
    rows = AccessRecord.objects.order_by("-pk")[: AccessRecord.objects.count() - before]
    assert [(row.runner, row.actor, row.act, row.origin) for row in rows] == [
        (runner, stage.people[HERS], "view", "127.0.0.1")
    ]


@pytest.mark.parametrize("who", [who for who in SHUT_OUT if who != HERS])
def test_no_caseload_but_of_those_let_in_names_her(stage, who):
    assert "Kestrel" not in stage.browser(who).get(reverse("caseload")).content.decode()


@pytest.mark.parametrize("who", LET_IN)
def test_the_caseload_of_those_let_in_names_her(stage, who):
    assert "Kestrel" in stage.browser(who).get(reverse("caseload")).content.decode()
