"""Objects of kept statements are what the ORM would have made, and the rows are asked for each time."""

import datetime

import pytest
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet

from accounts.models import User
from accounts.statements import Given, ObjectStatement
from programs.access import own_enrolment
from programs.models import DiaryEntry, Enrolment
from tests.builders import an_enrolment

pytestmark = pytest.mark.django_db


@ObjectStatement
def of_runner() -> QuerySet[Enrolment]:
    runner = Given("runner", BigIntegerField())
    entries = DiaryEntry.objects.filter(enrolment=OuterRef("pk"))
    mine = Enrolment.objects.filter(runner=runner).select_related("runner", "version__template")
    return mine.annotate(has_diary=Exists(entries)).defer("last_error").order_by("-pk")


def columns(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_they_are_as_the_orm_makes_them(django_assert_num_queries):
    enrolment = an_enrolment()
    with django_assert_num_queries(1):
        (kept,) = of_runner.all(runner=enrolment.runner_id)
        related = columns(kept.runner), columns(kept.version), kept.version.template.key
    asked = Enrolment.objects.select_related("runner", "version__template").get(pk=enrolment.pk)
    assert columns(kept) == columns(asked)
    assert related == (columns(asked.runner), columns(asked.version), asked.version.template.key)
    assert kept == asked and bool(kept.has_diary) is False
    assert isinstance(kept.started_on, datetime.date) and kept.step_backs == []


def test_a_deferred_column_is_read_when_it_is_asked_for(django_assert_num_queries):
    enrolment = an_enrolment()
    Enrolment.objects.update(last_error="of the last night")
    kept = of_runner.first(runner=enrolment.runner_id)
    with django_assert_num_queries(1):
        assert kept.last_error == "of the last night"


def test_they_are_rows_that_are_there(django_assert_num_queries):
    kept = of_runner.first(runner=an_enrolment().runner_id)
    kept.failures = 3
    with django_assert_num_queries(1):
        kept.save(update_fields=["failures"])
    assert Enrolment.objects.get(pk=kept.pk).failures == 3


def test_every_asking_reads_anew():
    enrolment = an_enrolment()
    first = of_runner.first(runner=enrolment.runner_id)
    Enrolment.objects.update(intake_pain=9)
    second = of_runner.first(runner=enrolment.runner_id)
    assert second.intake_pain == 9 and first is not second
    assert of_runner.first(runner=enrolment.runner_id + 1) is None


def test_the_door_gives_the_person_who_asks(django_assert_num_queries):
    runner = User.objects.get(pk=an_enrolment().runner_id)
    with django_assert_num_queries(1):
        enrolment = own_enrolment(runner)
        assert enrolment.runner is runner and enrolment.version.template.key
