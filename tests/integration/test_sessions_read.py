"""Who is signed in is read by a statement that is kept: it opens no door that Django's own keeps shut."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.telling import MOST, Messages
from rehab.sessions import SessionStore
from tests.support.people import a_runner, signed_in

pytestmark = pytest.mark.django_db


def is_in(client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_an_open_session_of_an_open_account_is_let_in():
    assert is_in(signed_in(a_runner()))


@pytest.mark.parametrize("column", [{"is_active": False}, {"password": "!changed"}])
def test_a_closed_account_and_one_with_another_password_are_not(column):
    runner = a_runner()
    client = signed_in(runner)
    type(runner).objects.filter(pk=runner.pk).update(**column)
    assert not is_in(client)


def test_a_session_that_is_over_is_none():
    client = signed_in(a_runner())
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert not is_in(client)


def test_a_session_that_was_ended_on_the_server_is_not_written_again():
    store = SessionStore()
    store["a"] = 1
    store.save()
    other = SessionStore(store.session_key)
    assert other["a"] == 1
    store.delete()
    other["a"] = 2
    with pytest.raises(UpdateError):
        other.save()
    assert not Session.objects.exists()


def test_sessions_of_before_are_read_and_ours_by_django():
    before = db.SessionStore()
    before["a"] = 1
    before.save()
    ours = SessionStore(before.session_key)
    assert ours["a"] == 1
    ours["a"] = 2
    ours.save()
    assert db.SessionStore(before.session_key)["a"] == 2


def test_a_key_that_nobody_has_is_forgotten():
    store = SessionStore("f" * 32)
    assert store.load() == {} and store.session_key is None


def test_only_the_newest_messages_wait_for_the_next_page():
    request = RequestFactory().get("/")
    request.session = SessionStore()
    storage = Messages(request)
    for number in range(MOST + 5):
        storage.add(20, f"no. {number}")
    storage.update(None)
    request._messages = Messages(request)
    told = [message.message for message in get_messages(request) if isinstance(message, Message)]
    assert told == [f"no. {number}" for number in range(5, MOST + 5)]
