"""Statements that are kept: the text once, the rows anew at every asking, the same as of a query."""

import datetime

import pytest
from django.db import connection
from django.db.models import DateTimeField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.among import Among, given_ids
from accounts.models import User
from accounts.statements import Given, Statement
from tests.support.people import a_runner

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[User]:
    return [a_runner(f"r{n}@example.org", f"Runner {n}") for n in range(3)]


def of_some() -> Statement:
    @Statement
    def asked():
        joined = Given("now", DateTimeField())
        rows = User.objects.filter(Among("pk", given_ids()), date_joined__lte=joined)
        return rows.order_by("pk").values_list("pk", "public_id", "date_joined", "is_active")

    return asked


def test_gives_what_the_query_gives(people):
    some = [people[0].pk, people[2].pk]
    columns = ("pk", "public_id", "date_joined", "is_active")
    expected = User.objects.filter(pk__in=some).order_by("pk").values_list(*columns)
    assert list(of_some().rows(ids=some, now=timezone.now())) == list(expected)


def test_asks_the_database_every_time_for_what_it_is_given(people):
    asked, now = of_some(), timezone.now()
    long_ago = now - datetime.timedelta(days=900)
    assert [row[0] for row in asked.rows(ids=[people[1].pk], now=now)] == [people[1].pk]
    User.objects.filter(pk=people[1].pk).update(is_active=False)
    with CaptureQueriesContext(connection) as captured:
        assert [row[3] for row in asked.rows(ids=[people[1].pk], now=now)] == [False]
        assert asked.rows(ids=[people[1].pk], now=long_ago) == []
        assert asked.rows(ids=[], now=now) == []
    assert len(captured) == 3


def test_fills_in_values_and_no_text(people):
    @Statement
    def named():
        return User.objects.filter(name=Given("name", User._meta.get_field("name"))).values_list("pk")

    assert named.rows(name="' OR 1=1 --") == []
    assert named.rows(name="Runner 1") == [(people[1].pk,)]


def test_a_value_that_is_not_given_is_an_error():
    with pytest.raises(KeyError):
        of_some().rows(ids=[1])
