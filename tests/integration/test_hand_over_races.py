"""Two at once: colleagues, leads, runners and the job at the same access, on PostgreSQL.

SQLite has one writer at a time by design, so that nothing can race there; the
run of these tests on PostgreSQL is part of ``make test``.
"""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AccountMail, Consent, HandOver, Invitation, Membership, User
from accounts.services import grant_consent, revoke_consent
from accounts.services.clinics import leave_clinic
from accounts.services.covers import end_cover, start_cover
from accounts.services.errors import Refused
from accounts.services.hand_overs import (
    agree_to_hand_over,
    carry_out_hand_overs,
    propose_hand_over,
    refuse_hand_over,
    withdraw_hand_over,
)
from accounts.services.joins import invite_clinician, join_as_known, join_as_new
from tests.integration.test_joining import ANSWER, secret_of_the_mail
from tests.integration.test_races import at_once
from tests.support.clinics import (
    DAY,
    NOW,
    a_clinic,
    a_colleague,
    consents_to,
    mails_are,
    outcome_of,
    proposed,
    runners_of,
    seen_by,
)
from tests.support.people import a_clinician

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="needs several writers: runs in the PostgreSQL part of make test",
    ),
]
LATER = NOW + 7 * DAY


@pytest.fixture
def petra(db) -> User:
    return a_clinician()


@pytest.fixture
def paul(petra) -> User:
    paul = a_colleague()
    a_clinic(petra, paul, leads=(petra,))
    return paul


def one_of_each() -> None:
    """At most one unrevoked consent of a runner to a clinician, and one open hand-over of a consent."""
    pairs = list(Consent.objects.unrevoked().values_list("runner", "clinician"))
    assert len(pairs) == len(set(pairs))
    taken = list(HandOver.objects.open().values_list("consent", flat=True))
    assert len(taken) == len(set(taken))


def nothing_but_refusals(raised: list[Exception]) -> None:
    assert not [error for error in raised if not isinstance(error, Refused)]


def test_the_same_proposal_posted_many_times_is_one_for_each_runner(petra, paul):
    runners_of(petra, 5)
    consents = consents_to(petra)
    raised = at_once(*[lambda: propose_hand_over(consents=consents, to=paul, by=petra, now=NOW)] * 4)
    assert raised == []
    assert HandOver.objects.count() == AccountMail.objects.filter(kind="hand_over").count() == 5
    one_of_each()


def test_proposals_to_two_colleagues_at_once_give_each_runner_to_one(petra, paul):
    olga = a_colleague("Olga Physio")
    petra.memberships.get().clinic.memberships.create(clinician=olga, joined_at=NOW)
    runners_of(petra, 5)
    consents = consents_to(petra)
    raised = at_once(
        *[lambda to=to: propose_hand_over(consents=consents, to=to, by=petra, now=NOW) for to in (paul, olga)]
    )
    assert raised == []
    assert HandOver.objects.count() == 5
    one_of_each()


def test_two_workers_do_each_hand_over_once(petra, paul):
    runners_of(petra, 6)
    proposed(petra, paul)
    assert at_once(*[lambda: carry_out_hand_overs(now=LATER)] * 3) == []
    assert HandOver.objects.filter(outcome="done").count() == 6
    assert Consent.objects.filter(clinician=paul).count() == 6
    assert AccountMail.objects.filter(kind="hand_over_done").count() == 6


def test_refusing_while_the_job_runs_is_either_done_or_refused_and_never_both(petra, paul):
    runners = runners_of(petra, 6)
    hand_overs = proposed(petra, paul)
    refusals = [
        lambda h=h: refuse_hand_over(hand_over=h, runner=h.consent.runner, now=LATER) for h in hand_overs
    ]
    nothing_but_refusals(at_once(*refusals, lambda: carry_out_hand_overs(now=LATER)))
    done = {h.consent.runner for h in hand_overs if outcome_of(h) == "done"}
    refused = {h.consent.runner for h in hand_overs if outcome_of(h) == "refused"}
    assert done | refused == set(runners) and not done & refused
    assert (seen_by(paul, LATER), seen_by(petra, LATER)) == (done, refused)
    assert AccountMail.objects.filter(kind="hand_over_refused").count() == len(refused)


def test_every_answer_at_once_leaves_one_physiotherapist_or_none(petra, paul):
    for _ in range(3):
        (rae,) = runners_of(petra)
        hand_over = next(h for h in proposed(petra, paul) if h.consent.runner == rae)
        raised = at_once(
            lambda h=hand_over, r=rae: agree_to_hand_over(hand_over=h, runner=r, now=LATER),
            lambda h=hand_over, r=rae: refuse_hand_over(hand_over=h, runner=r, now=LATER),
            lambda h=hand_over: withdraw_hand_over(hand_over=h, by=petra, now=LATER),
            lambda r=rae: revoke_consent(runner=r, clinician=petra, now=LATER),
            lambda: carry_out_hand_overs(now=LATER),
        )
        nothing_but_refusals(raised)
        assert rae not in seen_by(petra, LATER)
        assert (rae in seen_by(paul, LATER)) == (outcome_of(hand_over) == "done")
    one_of_each()


def test_nobody_leaves_a_clinic_while_a_cover_begins(petra, paul):
    """Either it began and ended with the membership, or it never began."""
    runners_of(petra, 5)
    raised = at_once(
        lambda: start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + DAY, now=NOW),
        lambda: leave_clinic(membership=paul.memberships.get(), by=paul, now=NOW),
    )
    nothing_but_refusals(raised)
    assert not Membership.objects.current().filter(clinician=paul).exists()
    assert seen_by(paul) == set()


def test_nobody_leaves_a_clinic_while_a_hand_over_happens(petra, paul):
    runners_of(petra, 4)
    hand_overs = proposed(petra, paul)
    raised = at_once(
        lambda: carry_out_hand_overs(now=LATER),
        lambda: leave_clinic(membership=petra.memberships.get(), by=petra, now=LATER),
    )
    assert raised == []
    for hand_over in hand_overs:
        runner, outcome = hand_over.consent.runner, outcome_of(hand_over)
        assert outcome in ("done", "lapsed")
        assert (runner in seen_by(paul, LATER)) == (outcome == "done")
        assert (runner in seen_by(petra, LATER)) == (outcome == "lapsed")


def test_the_same_cover_posted_many_times_is_one(petra, paul):
    runners_of(petra, 5)
    raised = at_once(
        *[lambda: start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + DAY, now=NOW)] * 4
    )
    assert raised == []
    assert Consent.objects.filter(via="cover").count() == 5
    assert AccountMail.objects.filter(kind="cover").count() == 5


def test_consent_that_ends_while_a_cover_begins_leaves_no_cover_behind(petra, paul):
    runners = runners_of(petra, 4)
    raised = at_once(
        lambda: start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + DAY, now=NOW),
        *[lambda r=r: revoke_consent(runner=r, clinician=petra, now=NOW) for r in runners],
    )
    assert raised == []
    assert seen_by(paul) == seen_by(petra) == set()


def test_a_grant_to_the_colleague_while_covers_begin_and_end_stays_a_grant(petra, paul):
    runners = runners_of(petra, 3)
    raised = at_once(
        lambda: start_cover(clinician=petra, colleague=paul, begins_at=NOW, ends_at=NOW + DAY, now=NOW),
        lambda: end_cover(clinician=petra, colleague=paul, by=petra, now=NOW),
        *[lambda r=r: grant_consent(runner=r, clinician=paul, now=NOW) for r in runners],
    )
    nothing_but_refusals(raised)
    assert seen_by(paul, NOW + 9 * DAY) == set(runners)
    one_of_each()


def test_covers_of_two_who_go_at_once_do_not_wait_for_each_other(petra, paul):
    """Petra covers for Paul and Paul for Petra, with runners who are with both."""
    for runner in runners_of(petra, 6):
        if runner.pk % 2:
            grant_consent(runner=runner, clinician=paul, now=NOW - DAY)
    pairs = ((petra, paul), (paul, petra))
    raised = at_once(
        *[
            lambda a=a, b=b: start_cover(clinician=a, colleague=b, begins_at=NOW, ends_at=NOW + DAY, now=NOW)
            for a, b in pairs
        ],
        *[
            lambda p=p: leave_clinic(membership=p.memberships.get(), by=p, now=NOW + DAY / 2)
            for p in (petra,)
        ],
    )
    nothing_but_refusals(raised)
    assert not Consent.objects.in_force(NOW + DAY / 2).filter(via="cover").exists()


def test_a_link_that_is_used_twice_at_once_makes_one_account(petra):
    clinic = a_clinic(petra, leads=(petra,))
    invite_clinician(email="lena@example.org", by=petra, now=timezone.now(), clinic=clinic)
    secret = secret_of_the_mail()
    raised = at_once(*[lambda: join_as_new(secret=secret, now=timezone.now(), **ANSWER)] * 3)
    assert [type(error) for error in raised] == [Refused, Refused]
    assert User.objects.filter(email="lena@example.org").count() == 1
    assert clinic.memberships.count() == 2


def test_two_clinics_joined_at_once_are_one(petra, paul):
    lena = a_clinician(email="lena@example.org", name="Lena Lang")
    next_door = a_clinic(a_colleague("Nell Next"), name="Next Door", leads=())
    secrets = []
    for clinic in (petra.memberships.get().clinic, next_door):
        inviter = User.objects.get(role="manager")
        invite_clinician(email=lena.email, by=inviter, now=timezone.now(), clinic=clinic)
        secrets.append(secret_of_the_mail())
    raised = at_once(*[lambda s=s: join_as_known(secret=s, user=lena, now=timezone.now()) for s in secrets])
    assert [type(error) for error in raised] == [Refused]
    assert Membership.objects.current().filter(clinician=lena).count() == 1
    assert Invitation.objects.filter(outcome="open").count() == 1


def test_limits_of_invitations_hold_for_posts_at_once(petra):
    clinic = a_clinic(petra, leads=(petra,))
    mails_are("sent", NOW)
    invite = {"email": "new@example.org", "by": petra, "now": NOW, "clinic": clinic}
    raised = at_once(*[lambda: invite_clinician(**invite)] * 6)
    nothing_but_refusals(raised)
    assert Invitation.objects.count() == 3
    assert Invitation.objects.filter(outcome="open").count() == 1
