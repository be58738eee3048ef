"""A physiotherapist asks a runner, by e-mail, to let her in. Nothing is seen before the answer."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

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
from accounts.services.consents import grant_consent, lock_person
from accounts.services.errors import Refused
from accounts.services.invitations import GONE, issue, link_secret, locked_open, settle
from accounts.services.mail import owe_mail

LIFE = datetime.timedelta(days=14)
#: Nobody's mailbox is filled through us: a second mail to the same address waits a day.
NOT_AGAIN_FOR = datetime.timedelta(days=1)
#: Whoever said no is left in peace for a while.
NOT_AFTER_A_NO_FOR = datetime.timedelta(days=30)
MOST_IN_A_DAY = 50


@transaction.atomic
def ask_runner(*, clinician: User, email: str, now: datetime.datetime) -> None:
    """Owe the mail; says nothing of whether the address is known here.

    Raises Refused, for reasons that lie in her own earlier invitations only.
    """
    if not clinician.is_clinician:
        raise Refused(_("Only a physiotherapist can ask for access."))
    # Two at the same moment: the second finds the first.
    lock_person(clinician)
    email = email.strip().lower()
    asked = Invitation.objects.filter(kind=InvitationKind.ASK, invited_by=clinician)
    declined = asked.filter(outcome=InvitationOutcome.DECLINED, settled_at__gt=now - NOT_AFTER_A_NO_FOR)
    if declined.filter(email=email).exists():
        raise Refused(
            _("This invitation was declined. Talk to the runner first; they can give you a code."), "email"
        )
    of_today = asked.filter(invited_at__gt=now - NOT_AGAIN_FOR)
    if of_today.count() >= MOST_IN_A_DAY:
        raise Refused(_("{count} invitations a day are enough. Go on tomorrow.").format(count=MOST_IN_A_DAY))
    if of_today.filter(email=email).exists():
        raise Refused(_("You have invited this address today. A second mail can go out tomorrow."), "email")
    former = asked.filter(email=email, outcome=InvitationOutcome.OPEN)
    former.update(outcome=InvitationOutcome.WITHDRAWN, settled_at=now, settled_by=clinician)
    secret = link_secret()
    issue(kind=InvitationKind.ASK, by=clinician, now=now, life=LIFE, secret=secret, email=email)
    words = words_of("ask", {"clinician": clinician, "days": LIFE.days, "link": page("ask", secret)})
    owe_mail(email=email, kind="ask", words=words, now=now, life=LIFE)


@transaction.atomic
def accept_ask(*, secret: str, runner: User, now: datetime.datetime) -> Consent:
    """Grant what was asked for. Raises Refused, also for an invitation of another address."""
    # The runner before the invitation, as everything that changes her access takes them.
    lock_person(runner)
    invitation = locked_open(kind=InvitationKind.ASK, secret=secret, now=now)
    if invitation.email != runner.email.lower():
        raise Refused(GONE)
    clinician = invitation.invited_by
    consent = grant_consent(runner=runner, clinician=clinician, now=now, via=ConsentVia.ASK)
    settle(invitation, outcome=InvitationOutcome.ACCEPTED, by=runner, now=now, consent=consent)
    # Says nothing of the runner: she may have ended it before the mail is read.
    words = words_of("ask_accepted", {"recipient": clinician, "link": page("home")})
    owe_mail(email=clinician.email, kind="ask_accepted", words=words, now=now, recipient=clinician)
    return consent


@transaction.atomic
def decline_ask(*, secret: str, now: datetime.datetime, by: User | None = None) -> None:
    """Say no; the link alone is enough for that. The physiotherapist sees it in her list."""
    invitation = locked_open(kind=InvitationKind.ASK, secret=secret, now=now)
    if by is not None and invitation.email != by.email.lower():
        raise Refused(GONE)
    settle(invitation, outcome=InvitationOutcome.DECLINED, by=by, now=now)
