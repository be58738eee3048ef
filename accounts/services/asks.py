"""A physiotherapist asks a runner, by e-mail, to let her in. Nothing is seen before the answer."""

import datetime

from django.db import transaction

from accounts.emails import words_of
from accounts.links import page
from accounts.models import (
    Consent,
    ConsentVia,
    Invitation,
    InvitationKind,
    InvitationOutcome,
    User,
)
from accounts.services.consents import grant_consent
from accounts.services.errors import Refused
from accounts.services.invitations import GONE, issue, link_secret, locked_open, settle
from accounts.services.mail import owe_mail

LIFE = datetime.timedelta(days=14)
#: Nobody's mailbox is filled through us: a second mail to the same address waits a day.
NOT_AGAIN_FOR = datetime.timedelta(days=1)
MOST_IN_A_DAY = 50


@transaction.atomic
def ask_runner(*, clinician: User, email: str, now: datetime.datetime) -> None:
    """Owe the mail; says nothing of whether the address is known here. Raises Refused."""
    if not clinician.is_clinician:
        raise Refused("Only a physiotherapist can ask for access.")
    email = email.strip().lower()
    asked = Invitation.objects.filter(
        kind=InvitationKind.ASK, invited_by=clinician, invited_at__gt=now - NOT_AGAIN_FOR
    )
    if asked.count() >= MOST_IN_A_DAY:
        raise Refused(f"{MOST_IN_A_DAY} invitations a day are enough. Go on tomorrow.")
    if asked.filter(email=email).exists():
        return
    former = Invitation.objects.open(now).filter(kind=InvitationKind.ASK, invited_by=clinician, email=email)
    former.update(outcome=InvitationOutcome.WITHDRAWN, settled_at=now, settled_by=clinician)
    secret = link_secret()
    issue(kind=InvitationKind.ASK, by=clinician, now=now, life=LIFE, secret=secret, email=email)
    words = words_of("ask", {"clinician": clinician, "days": LIFE.days, "link": page("ask", secret)})
    owe_mail(email=email, kind="ask", words=words, now=now, life=LIFE)


@transaction.atomic
def accept_ask(*, secret: str, runner: User, now: datetime.datetime) -> Consent:
    """Grant what was asked for. Raises Refused, also for an invitation of another address."""
    invitation = locked_open(kind=InvitationKind.ASK, secret=secret, now=now)
    if invitation.email != runner.email.lower():
        raise Refused(GONE)
    clinician = invitation.invited_by
    consent = grant_consent(runner=runner, clinician=clinician, now=now, via=ConsentVia.ASK)
    settle(invitation, outcome=InvitationOutcome.ACCEPTED, by=runner, now=now, consent=consent)
    words = words_of("ask_accepted", {"recipient": clinician, "runner": runner, "link": page("home")})
    owe_mail(email=clinician.email, kind="ask_accepted", words=words, now=now, recipient=clinician)
    return consent


@transaction.atomic
def decline_ask(*, secret: str, now: datetime.datetime, by: User | None = None) -> None:
    """Say no; the link alone is enough for that. The physiotherapist sees it in her list."""
    invitation = locked_open(kind=InvitationKind.ASK, secret=secret, now=now)
    settle(invitation, outcome=InvitationOutcome.DECLINED, by=by, now=now)
