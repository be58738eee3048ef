"""A runner's care passes to a colleague: proposed, told to her, done unless she refuses."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.links import page
from accounts.models import Consent, ConsentVia, HandOver, HandOverOutcome, MailStatus, Membership, User
from accounts.services.colleagues import (
    has_said_no,
    last_consents,
    lock_runners,
    locked_colleagues,
    may_lead,
    tell,
)
from accounts.services.consents import end_consent, grant_consent
from accounts.services.errors import Refused

#: How long a runner has to refuse, counted from the sending of the notice.
NOTICE = datetime.timedelta(days=7)
NOT_OPEN = _("This hand-over is not open any more.")


@transaction.atomic
def propose_hand_over(
    *, consents: Iterable[Consent], to: User, by: User, now: datetime.datetime
) -> list[HandOver]:
    """Propose own runners to a colleague of the same clinic; each is told. Raises Refused.

    Left out are runners who have an open proposal, who refused this colleague
    before, or who ended her access themselves.
    """
    chosen = Consent.objects.filter(pk__in=[consent.pk for consent in consents], clinician=by)
    return _propose_all(chosen, whose=by, to=to, by=by, now=now)


@transaction.atomic
def propose_whole_caseload(*, clinician: User, to: User, by: User, now: datetime.datetime) -> list[HandOver]:
    """The lead of a clinic proposes all runners of a colleague there, whom she does not see herself.

    Not those of somebody who has left: their runners let that person in, and no clinic.
    """
    membership = Membership.objects.current().filter(clinician=clinician).select_related("clinic").first()
    if not by.is_clinician or membership is None or not may_lead(by, membership.clinic):
        raise Refused(_("Only a lead of this clinic can do that."))
    return _propose_all(Consent.objects.filter(clinician=clinician), whose=clinician, to=to, by=by, now=now)


def _propose_all(chosen, *, whose: User, to: User, by: User, now: datetime.datetime) -> list[HandOver]:
    if not to.is_clinician or not to.is_active or not locked_colleagues(whose, to):
        raise Refused(_("Choose a colleague of this clinic."), "to")
    own = chosen.own(now)
    runners = list(own.values_list("runner", flat=True))
    lock_runners(runners)
    # Read again under the lock: what was proposed or ended while we waited is seen.
    taken = HandOver.objects.filter(
        Q(outcome=HandOverOutcome.OPEN) | Q(outcome=HandOverOutcome.REFUSED, to=to)
    )
    own = own.filter(runner__in=runners).exclude(pk__in=taken.values("consent"))
    free = list(own.select_related("runner").order_by("pk"))
    last = last_consents(runners, to)
    free = [consent for consent in free if not has_said_no(last.get(consent.runner_id))]
    if free:
        # Before anybody is told anything, so that she is not taken by surprise.
        link = page("hand_overs")
        tell(to, "hand_over_coming", now=now, clinician=whose, count=len(free), link=link)
        if by != whose:
            # A lead may do it, even to herself, but never behind the colleague's back.
            tell(whose, "hand_over_proposed", now=now, lead=by, colleague=to, count=len(free), link=link)
    return HandOver.objects.bulk_create(_proposal(consent, whose, to, by, now) for consent in free)


def _proposal(consent: Consent, whose: User, to: User, by: User, now: datetime.datetime) -> HandOver:
    link = page("access")
    notice = tell(
        consent.runner, "hand_over", now=now, clinician=whose, colleague=to, days=NOTICE.days, link=link
    )
    return HandOver(
        consent=consent, to=to, proposed_at=now, proposed_by=by, notice=notice, takes_effect_at=now + NOTICE
    )


@transaction.atomic
def refuse_hand_over(*, hand_over: HandOver, runner: User, now: datetime.datetime) -> None:
    """The runner says no, also after the date where it was not done yet. Raises Refused.

    She stays with the physiotherapist whom she has; twice is the same as once.
    """
    lock_runners([runner.pk])
    mine = HandOver.objects.filter(pk=hand_over.pk, consent__runner=runner)
    found = mine.select_related("consent__runner", "consent__clinician", "to").first()
    if found is None or found.outcome not in (HandOverOutcome.OPEN, HandOverOutcome.REFUSED):
        raise Refused(NOT_OPEN)
    _refused(found, now)


def agree_to_hand_over(*, hand_over: HandOver, runner: User, now: datetime.datetime) -> None:
    """The runner says yes; it happens now. Raises Refused where it cannot any more."""
    with transaction.atomic():
        found = _locked(hand_over.pk)
        is_hers = found is not None and found.consent.runner_id == runner.pk
        is_done = is_hers and _carry_out(found, now)
    # Outside: that it lapsed is a fact that stays, whatever she is told.
    if not is_done:
        raise Refused(NOT_OPEN)


@transaction.atomic
def withdraw_hand_over(*, hand_over: HandOver, by: User, now: datetime.datetime) -> None:
    """Taken back by who proposed it or whose runner it is, or declined by the colleague."""
    involved = Q(proposed_by=by) | Q(consent__clinician=by) | Q(to=by)
    rows = HandOver.objects.open().filter(involved, pk=hand_over.pk)
    found = rows.select_related("consent__runner", "consent__clinician", "to").first()
    if found is None:
        return
    lock_runners([found.consent.runner_id])
    if not _settle(found, HandOverOutcome.WITHDRAWN, now):
        return
    _tell_runner(found, "hand_over_off", now)
    if by.pk == found.to_id:
        _tell_clinician(found, "hand_over_declined", now)


def call_off_hand_overs_of(person: User, *, now: datetime.datetime) -> None:
    """Those from and to somebody who leaves the clinic cannot be done any more."""
    rows = HandOver.objects.open().filter(Q(consent__clinician=person) | Q(to=person))
    found = list(
        rows.select_related("consent__runner", "consent__clinician", "to").order_by("consent__runner")
    )
    lock_runners(hand_over.consent.runner_id for hand_over in found)
    for hand_over in found:
        _lapse(hand_over, now)


def call_off_all_hand_overs(*, now: datetime.datetime) -> int:
    """After a restore: a refusal may be among what was lost, and silence would agree. Nobody is mailed."""
    return HandOver.objects.open().update(outcome=HandOverOutcome.LAPSED, settled_at=now)


def carry_out_hand_overs(*, now: datetime.datetime) -> int:
    """Do what is due, one transaction each; a repeat finds nothing. Returns how many were done."""
    done = 0
    for pk in list(HandOver.objects.due(now).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            hand_over = _locked(pk)
            if hand_over and _is_agreed_by_silence(hand_over, now) and _carry_out(hand_over, now):
                _tell_runner(hand_over, "hand_over_effected", now)
                done += 1
    return done


def _locked(pk: int) -> HandOver | None:
    """The open hand-over, with memberships and runner locked first, as every change of access does."""
    found = HandOver.objects.open().select_related("consent__runner", "consent__clinician", "to", "notice")
    hand_over = found.filter(pk=pk).first()
    if hand_over is None:
        return None
    locked_colleagues(hand_over.consent.clinician, hand_over.to)
    lock_runners([hand_over.consent.runner_id])
    return found.select_for_update(of=("self",)).filter(pk=pk).first()


def _is_agreed_by_silence(hand_over: HandOver, now: datetime.datetime) -> bool:
    """Only where she was told, long enough ago, and has not shown that colleague out meanwhile."""
    notice, runner = hand_over.notice, hand_over.consent.runner_id
    if notice is None or notice.status in (MailStatus.DEAD, MailStatus.EXPIRED):
        _settle(hand_over, HandOverOutcome.LAPSED, now)
        return False
    if notice.status == MailStatus.OWED or now < notice.settled_at + NOTICE:
        return False
    if has_said_no(last_consents([runner], hand_over.to).get(runner)):
        _refused(hand_over, now)
        return False
    return True


def _carry_out(hand_over: HandOver, now: datetime.datetime) -> bool:
    """Grant to the colleague and end the former grant; False where one of them cannot be."""
    consent, to = hand_over.consent, hand_over.to
    is_in_force = Consent.objects.in_force(now).filter(pk=consent.pk, runner__is_active=True).exists()
    is_able = to.is_clinician and to.is_active and locked_colleagues(consent.clinician, to)
    if not is_in_force or not is_able:
        _lapse(hand_over, now)
        return False
    # Settled first: ending the grant lapses whatever hand-over of it is still open.
    _settle(hand_over, HandOverOutcome.DONE, now)
    end_consent(consent, by=hand_over.proposed_by, now=now)
    # What the runner agreed to goes with her: silence agrees to no newer wording.
    grant_consent(
        runner=consent.runner,
        clinician=to,
        now=now,
        via=ConsentVia.HAND_OVER,
        by=hand_over.proposed_by,
        text_version=consent.text_version,
    )
    _tell_clinician(hand_over, "hand_over_done", now)
    tell(to, "hand_over_received", now=now, clinician=consent.clinician, link=page("caseload"))
    return True


def _refused(hand_over: HandOver, now: datetime.datetime) -> None:
    if _settle(hand_over, HandOverOutcome.REFUSED, now):
        _tell_clinician(hand_over, "hand_over_refused", now)


def _lapse(hand_over: HandOver, now: datetime.datetime) -> None:
    if _settle(hand_over, HandOverOutcome.LAPSED, now):
        _tell_runner(hand_over, "hand_over_off", now)


def _settle(hand_over: HandOver, outcome: HandOverOutcome, now: datetime.datetime) -> bool:
    """True where it was still open, and is settled by this."""
    rows = HandOver.objects.open().filter(pk=hand_over.pk)
    return bool(rows.update(outcome=outcome, settled_at=now))


def _tell_runner(hand_over: HandOver, kind: str, now: datetime.datetime) -> None:
    consent = hand_over.consent
    if consent.runner.is_active:
        tell(
            consent.runner,
            kind,
            now=now,
            clinician=consent.clinician,
            colleague=hand_over.to,
            link=page("access"),
        )


def _tell_clinician(hand_over: HandOver, kind: str, now: datetime.datetime) -> None:
    """Whose runner it is, also where a lead proposed it. Which runner stands behind the sign-in:

    a mail that waits for its server must not name somebody who has ended the access meanwhile.
    """
    tell(hand_over.consent.clinician, kind, now=now, colleague=hand_over.to, link=page("hand_overs"))
