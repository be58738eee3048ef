"""No form takes a field that its page does not offer.

Each form is sent twice by somebody who may: once with what it asks for, and
once with the fields of every model of the project added, set to what an
attacker would like. Both must leave the same rows.
"""

import datetime
import re
from collections.abc import Iterator

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from programs.models import LibraryItem, ProgrammeVersion
from tests.access.bodies import BODIES, NOT_A_FORM, Body
from tests.access.stage import OTHER_RUNNER, Stage, set_the_stage
from tests.access.table import OURS, THEIRS

pytestmark = pytest.mark.django_db
#: Belongs to nobody, and is long.
CONTENT = {"programs_libraryitem", "programs_programmeversion"}
OF_PROJECT = [model for app in ("accounts", "programs") for model in apps.get_app_config(app).get_models()]
#: Made by chance, or a digest of it: different in every run, and nobody's to choose.
BY_CHANCE = {
    *("public_id", "message_id", "secret_digest", "password", "text", "html", "last_login", "value"),
    # Each request has an id of its own, which goes with what it owes.
    "correlation_id",
}


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield set_the_stage()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def demonstration(settings) -> None:
    settings.DEMO = True


def hostile(stage: Stage) -> dict[str, str]:
    """A value for every field of every model: the other runner, yes, or a number out of range."""
    wanted = {}
    for model in OF_PROJECT:
        for field in model._meta.concrete_fields:
            value = {
                models.ForeignKey: str(stage.people[OTHER_RUNNER].pk),
                models.OneToOneField: str(stage.people[OTHER_RUNNER].pk),
                models.BooleanField: "on",
                models.DateField: "2020-01-01",
                models.DateTimeField: "2020-01-01T00:00",
            }.get(type(field), field.choices[-1][0] if field.choices else "9")
            wanted |= {field.name: value, field.attname: value}
    return wanted | {"pk": "1", "_save": "1", "is_staff": "on", "next": "/admin/"}


def rows() -> dict[str, list]:
    """Everything that is stored about people, without what chance made."""
    stored = {}
    for model in (*OF_PROJECT, EmailAddress):
        if model._meta.db_table in CONTENT:
            continue
        fields = [f.attname for f in model._meta.concrete_fields if f.attname not in BY_CHANCE]
        stored[model._meta.db_table] = list(model._base_manager.order_by("pk").values_list(*fields))
    own = LibraryItem.objects.filter(made_by__isnull=False).order_by("pk")
    # Their keys are made by chance.
    stored["own exercises"] = [(i.number, i.clinic_id, i.made_by_id, i.document | {"key": ""}) for i in own]
    written = ProgrammeVersion.objects.filter(template__created_by__isnull=False).order_by("pk")
    by = ("created_by_id", "published_by_id", "retired_by_id")
    stored["own programmes"] = list(
        written.values_list("template_id", "number", "status", "document", "note", *by)
    )
    return stored


def after(stage: Stage, body: Body, url: str, fields: dict) -> dict[str, list]:
    """The rows that the form left; then all is as before."""
    with stage.undone(body.who) as browser:
        answer = browser.post(url, fields)
        assert answer.status_code in (200, 302), (url, answer.status_code)
        return rows()


def offered(stage: Stage, body: Body, url: str) -> set[str]:
    """The fields that the page itself shows: those may be sent."""
    with stage.undone(body.who) as browser:
        html = browser.get(url).content.decode()
    return set(re.findall(r'name="([\w-]+)"', html))


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.name)
def test_fields_that_a_form_does_not_offer_change_nothing(stage, body, record_property):
    url = reverse(body.name, args=(*stage.things.get(body.thing, ()), *body.args))
    fields = body.fields(stage)
    asked_for = offered(stage, body, url) | fields.keys()
    extra = {name: value for name, value in hostile(stage).items() if name not in asked_for}
    assert len(extra) > 100
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=5), tick=False):
        before = rows()
        plain = after(stage, body, url, fields)
        forged = after(stage, body, url, fields | extra)
    assert plain != before or not body.changes_something, "the form itself was refused: it proves nothing"
    assert [table for table in plain if plain[table] != forged[table]] == []
    record_property("forbidden fields sent to forms", len(extra))


def test_every_address_that_takes_a_post_is_tried():
    takes = {address.name for address in (*OURS, *THEIRS) if "POST" in address.methods}
    assert takes == {body.name for body in BODIES} | NOT_A_FORM.keys()
