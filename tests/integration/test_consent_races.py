"""Two at once at the same access: takers of a code, a runner who ends it meanwhile. On PostgreSQL.

SQLite has one writer at a time by design; see the races of the diary.
"""

import datetime
import re

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AccountMail, Consent, Invitation, User
from accounts.services import grant_consent, revoke_consent
from accounts.services.asks import accept_ask, ask_runner, decline_ask
from accounts.services.clinics import create_clinic, join_clinic
from accounts.services.covers import start_cover
from accounts.services.errors import Refused
from accounts.services.offers import accept_offer, make_offer, withdraw_offer
from tests.integration.test_races import at_once
from tests.support.people import a_clinician, a_manager, a_runner

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]
ROUNDS = 8
DAY = datetime.timedelta(days=1)


def clinicians(number: int) -> list[User]:
    return [a_clinician(f"physio{n}@example.org", f"Physio {n}") for n in range(number)]


def only_refusals(raised: list[Exception]) -> bool:
    """No deadlock and no broken constraint: whoever is too late is refused in words."""
    return all(isinstance(error, Refused) for error in raised)


def in_force(runner: User) -> int:
    return Consent.objects.unrevoked().filter(runner=runner).count()


def test_a_code_that_many_take_at_once_lets_one_in():
    rosa, takers, now = a_runner(), clinicians(6), timezone.now()
    code = make_offer(runner=rosa, now=now)

    def take(taker: User):
        return lambda: accept_offer(code=code, clinician=taker, now=now)

    raised = at_once(*[take(taker) for taker in takers])
    assert len(raised) == 5 and only_refusals(raised)
    assert in_force(rosa) == 1
    assert AccountMail.objects.filter(kind="access_taken").count() == 1


def test_two_presses_of_make_a_code_leave_one_code():
    rosa, now = a_runner(), timezone.now()
    assert at_once(*[lambda: make_offer(runner=rosa, now=now)] * 4) == []
    assert Invitation.objects.open(now).count() == 1


def test_grants_at_once_are_one_grant():
    rosa, (petra,), now = a_runner(), clinicians(1), timezone.now()
    assert at_once(*[lambda: grant_consent(runner=rosa, clinician=petra, now=now)] * 4) == []
    assert Consent.objects.count() == 1


def test_taking_ending_and_making_codes_at_once_never_lock_up():
    rosa, takers, now = a_runner(), clinicians(3), timezone.now()
    for _ in range(ROUNDS):
        code = make_offer(runner=rosa, now=now)
        acts = [
            *[
                lambda taker=taker, code=code: accept_offer(code=code, clinician=taker, now=now)
                for taker in takers
            ],
            *[lambda taker=taker: revoke_consent(runner=rosa, clinician=taker, now=now) for taker in takers],
            lambda: make_offer(runner=rosa, now=now),
            lambda: withdraw_offer(runner=rosa, now=now),
        ]
        assert only_refusals(at_once(*acts))
    for taker in takers:
        revoke_consent(runner=rosa, clinician=taker, now=now)
    assert in_force(rosa) == 0


def test_answering_and_asking_again_at_once_never_lock_up():
    rosa, (petra,), began = a_runner(), clinicians(1), timezone.now()
    for number in range(ROUNDS):
        now = began + number * 40 * DAY
        ask_runner(clinician=petra, email=rosa.email, now=now)
        secret = re.search(r"/asked/([\w-]+)/", AccountMail.objects.filter(kind="ask").latest("pk").text)[1]
        acts = [
            lambda secret=secret, now=now: accept_ask(secret=secret, runner=rosa, now=now + DAY),
            lambda secret=secret, now=now: decline_ask(secret=secret, now=now + DAY),
            lambda now=now: ask_runner(clinician=petra, email=rosa.email, now=now + DAY),
            lambda now=now: revoke_consent(runner=rosa, clinician=petra, now=now + DAY),
        ]
        assert only_refusals(at_once(*acts))
    assert in_force(rosa) <= 1


def test_a_cover_that_begins_while_the_grant_ends_covers_nobody():
    petra, paul = clinicians(2)
    now = timezone.now()
    clinic = create_clinic(name="Riverside", by=a_manager(), now=now)
    for person in (petra, paul):
        join_clinic(clinic=clinic, clinician=person, now=now)
    for number in range(ROUNDS):
        rosa = a_runner(f"runner{number}@example.org")
        grant_consent(runner=rosa, clinician=petra, now=now)
        days = {"begins_at": now, "ends_at": now + DAY, "now": now}
        raised = at_once(
            lambda days=days: start_cover(clinician=petra, colleague=paul, **days),
            lambda rosa=rosa: revoke_consent(runner=rosa, clinician=petra, now=now),
        )
        assert only_refusals(raised)
        assert in_force(rosa) == 0
