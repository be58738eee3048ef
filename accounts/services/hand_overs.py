"""A runner's care passes to a colleague: proposed, told to her, done unless she refuses."""

import datetime
from collections.abc import Iterable

from django.db import transaction

from accounts.emails import words_of
from accounts.links import page
from accounts.models import (
    Consent,
    ConsentVia,
    HandOver,
    HandOverOutcome,
    MailStatus,
    User,
)
from accounts.services.clinics import are_colleagues
from accounts.services.consents import end_consent, grant_consent
from accounts.services.errors import Refused
from accounts.services.mail import owe_mail

#: How long a runner has to refuse, counted from the sending of the notice.
NOTICE = datetime.timedelta(days=7)


@transaction.atomic
def propose_hand_over(
    *, consents: Iterable[Consent], to: User, by: User, now: datetime.datetime
) -> list[HandOver]:
    """Propose own runners to a colleague of the same clinic; each is told. Raises Refused."""
    if not to.is_clinician or not to.is_active or not are_colleagues(by, to):
        raise Refused("Choose a colleague of your clinic.", "to")
    mine = Consent.objects.in_force(now).filter(clinician=by, pk__in=[consent.pk for consent in consents])
    own = mine.exclude(via=ConsentVia.COVER).select_related("runner").select_for_update(of=("self",))
    proposed = HandOver.objects.open().values("consent")
    return [_propose(consent, to, by, now) for consent in own.exclude(pk__in=proposed).order_by("pk")]


def _propose(consent: Consent, to: User, by: User, now: datetime.datetime) -> HandOver:
    context = {
        "recipient": consent.runner,
        "clinician": by,
        "colleague": to,
        "days": NOTICE.days,
        "link": page("access"),
    }
    notice = owe_mail(
        email=consent.runner.email,
        kind="hand_over",
        words=words_of("hand_over", context),
        now=now,
        recipient=consent.runner,
    )
    return HandOver.objects.create(
        consent=consent, to=to, proposed_at=now, proposed_by=by, notice=notice, takes_effect_at=now + NOTICE
    )


@transaction.atomic
def refuse_hand_over(*, hand_over: HandOver, runner: User, now: datetime.datetime) -> None:
    """The runner says no; she stays with the physiotherapist whom she has."""
    mine = HandOver.objects.open().filter(pk=hand_over.pk, consent__runner=runner)
    if mine.update(outcome=HandOverOutcome.REFUSED, settled_at=now):
        _tell(hand_over, "hand_over_refused", now)


@transaction.atomic
def agree_to_hand_over(*, hand_over: HandOver, runner: User, now: datetime.datetime) -> None:
    """The runner says yes; it happens now. Raises Refused where it cannot any more."""
    found = _locked(hand_over.pk)
    if found is None or found.consent.runner_id != runner.pk or not _carry_out(found, now):
        raise Refused("This hand-over is not open any more.")


@transaction.atomic
def withdraw_hand_over(*, hand_over: HandOver, by: User, now: datetime.datetime) -> None:
    own = HandOver.objects.open().filter(pk=hand_over.pk, proposed_by=by)
    own.update(outcome=HandOverOutcome.WITHDRAWN, settled_at=now)


def carry_out_hand_overs(*, now: datetime.datetime) -> int:
    """Do what is due, one transaction each; a repeat finds nothing. Returns how many were done."""
    done = 0
    for pk in list(HandOver.objects.due(now).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            hand_over = _locked(pk)
            if hand_over and _was_told(hand_over, now):
                done += _carry_out(hand_over, now)
    return done


def _locked(pk: int) -> HandOver | None:
    """The open hand-over, with its runner's row locked first, as every change of access does."""
    found = HandOver.objects.open().select_related("consent__runner", "consent__clinician", "to", "notice")
    hand_over = found.filter(pk=pk).first()
    if hand_over is None:
        return None
    User.objects.select_for_update().get(pk=hand_over.consent.runner_id)
    return found.select_for_update(of=("self",)).filter(pk=pk).first()


def _was_told(hand_over: HandOver, now: datetime.datetime) -> bool:
    """Silence is agreement only of somebody who was told, long enough ago."""
    notice = hand_over.notice
    if notice is None or notice.status in (MailStatus.DEAD, MailStatus.EXPIRED):
        _settle(hand_over, HandOverOutcome.LAPSED, now)
        return False
    if notice.status == MailStatus.OWED:
        return False
    return now >= notice.settled_at + NOTICE


def _carry_out(hand_over: HandOver, now: datetime.datetime) -> bool:
    """Grant to the colleague and end the former grant; False where one of them cannot be."""
    consent, to = hand_over.consent, hand_over.to
    is_in_force = Consent.objects.in_force(now).filter(pk=consent.pk).exists()
    if not is_in_force or not to.is_active or not are_colleagues(consent.clinician, to):
        _settle(hand_over, HandOverOutcome.LAPSED, now)
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
    _tell(hand_over, "hand_over_done", now)
    return True


def _settle(hand_over: HandOver, outcome: HandOverOutcome, now: datetime.datetime) -> None:
    HandOver.objects.open().filter(pk=hand_over.pk).update(outcome=outcome, settled_at=now)


def _tell(hand_over: HandOver, kind: str, now: datetime.datetime) -> None:
    """Tell who proposed it, with initials only: it goes to a mailbox."""
    clinician = hand_over.proposed_by
    context = {
        "recipient": clinician,
        "initials": hand_over.consent.runner.initials,
        "colleague": hand_over.to,
        "link": page("home"),
    }
    owe_mail(email=clinician.email, kind=kind, words=words_of(kind, context), now=now, recipient=clinician)
