"""Two at once at the same second factor, on PostgreSQL; SQLite has one writer by design."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.second_factor import FACTORS
from accounts.services.second_factor import spend_code
from tests.integration.test_races import at_once
from tests.integration.test_second_factor import code_step, is_in, password_step, set_up_an_app
from tests.integration.test_second_factor_kept import a_passkey
from tests.support.people import a_clinician, a_runner, signed_in, the_app_of, totp_code

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]


def test_a_code_that_is_sent_eight_times_at_once_counts_once():
    petra = a_clinician()
    app, code, taken = the_app_of(petra), totp_code(petra), []
    assert not at_once(*[lambda: taken.append(spend_code(app=app, code=code, now=timezone.now()))] * 8)
    assert sorted(taken) == [False] * 7 + [True]


def test_of_four_browsers_with_one_code_one_gets_in_also_without_the_memory_of_the_cache(monkeypatch):
    petra = a_clinician()
    code, clients = totp_code(petra), [Client() for _ in range(4)]
    for client in clients:
        password_step(client, petra)
    monkeypatch.setattr(cache, "add", lambda *args, **kwargs: True)
    assert not at_once(*[lambda client=client: code_step(client, code) for client in clients])
    assert [is_in(client) for client in clients].count(True) == 1


def test_of_four_browsers_with_one_recovery_code_one_gets_in():
    rosa = a_runner()
    set_up_an_app(signed_in(rosa))
    code = Authenticator.objects.get(user=rosa, type="recovery_codes").wrap().get_unused_codes()[0]
    clients = [Client() for _ in range(4)]
    for client in clients:
        password_step(client, rosa)
    assert not at_once(*[lambda client=client: code_step(client, code) for client in clients])
    assert [is_in(client) for client in clients].count(True) == 1


def test_of_two_factors_that_are_removed_at_once_one_stays():
    petra = a_clinician()
    address = reverse("mfa_remove_webauthn", args=[a_passkey(petra).pk])
    one, other = signed_in(petra), signed_in(petra)
    assert not at_once(lambda: one.post(reverse("mfa_deactivate_totp")), lambda: other.post(address))
    assert Authenticator.objects.filter(user=petra, type__in=FACTORS).count() == 1


def test_an_app_that_is_set_up_twice_at_once_is_one():
    rosa = a_runner()
    one, other = signed_in(rosa), signed_in(rosa)
    answers = []
    assert not at_once(
        lambda: answers.append(set_up_an_app(one)), lambda: answers.append(set_up_an_app(other))
    )
    # The later one is led on, or shown its form again: which, depends on where the first stood.
    statuses = [answer.status_code for answer in answers]
    assert len(statuses) == 2 and 302 in statuses and set(statuses) <= {200, 302}
    assert Authenticator.objects.filter(user=rosa, type="totp").count() == 1
