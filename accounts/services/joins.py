"""Physiotherapists join by invitation of a site manager, or of their clinic's lead."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.emails import words_of
from accounts.links import page
from accounts.models import Clinic, Invitation, InvitationKind, InvitationOutcome, Role, User
from accounts.services.clinics import join_clinic
from accounts.services.colleagues import may_lead
from accounts.services.errors import Refused
from accounts.services.invitations import GONE, issue, link_secret, locked_open, settle, withdraw
from accounts.services.mail import owe_mail
from accounts.services.people import create_account

LIFE = datetime.timedelta(days=14)
#: Nobody's mailbox is filled through us, whether she has an account here or not.
MOST_IN_A_DAY = 50
MOST_TO_ONE = 3
A_DAY = datetime.timedelta(days=1)


@transaction.atomic
def invite_clinician(
    *, email: str, by: User, now: datetime.datetime, clinic: Clinic | None = None, as_lead: bool = False
) -> None:
    """Owe the mail with the link; whether the address has an account is not said. Raises Refused.

    An earlier invitation of that address into the same clinic is dead from now on.
    """
    allowed = may_lead(by, clinic) if clinic else by.is_manager
    if not allowed:
        raise Refused(_("Only a site manager, or a lead of the clinic, invites physiotherapists."))
    if as_lead and clinic is None:
        raise Refused(_("A lead needs a clinic to lead."), "as_lead")
    email = email.strip().lower()
    # Invitations of the same person at once: the second waits and counts the first.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _check_limits(email, by, now)
    former = Invitation.objects.filter(
        kind=InvitationKind.JOIN, email=email, clinic=clinic, outcome=InvitationOutcome.OPEN
    )
    former.update(outcome=InvitationOutcome.WITHDRAWN, settled_at=now, settled_by=by)
    secret = link_secret()
    fields = {"email": email, "clinic": clinic, "as_lead": as_lead}
    issue(kind=InvitationKind.JOIN, by=by, now=now, life=LIFE, secret=secret, **fields)
    context = {"inviter": by, "clinic": clinic, "days": LIFE.days, "link": page("join", secret)}
    owe_mail(email=email, kind="join", words=words_of("join", context), now=now, life=LIFE)


def _check_limits(email: str, by: User, now: datetime.datetime) -> None:
    invited = Invitation.objects.filter(kind=InvitationKind.JOIN, invited_by=by, invited_at__gt=now - A_DAY)
    if invited.filter(email=email).count() >= MOST_TO_ONE:
        raise Refused(_("You invited this address several times today. Go on tomorrow."), "email")
    if invited.count() >= MOST_IN_A_DAY:
        raise Refused(_("{count} invitations a day are enough. Go on tomorrow.").format(count=MOST_IN_A_DAY))


@transaction.atomic
def withdraw_join(*, invitation: Invitation, by: User, now: datetime.datetime) -> None:
    """Make the link of an open invitation dead. Raises Refused."""
    clinic = invitation.clinic
    if not (may_lead(by, clinic) if clinic else by.is_manager):
        raise Refused(_("Only a site manager, or a lead of the clinic, can do that."))
    withdraw(invitation=invitation, by=by, now=now)


def join_as_new(*, secret: str, name: str, password: str, time_zone: str, now: datetime.datetime) -> User:
    """Make the account that the invitation is for: a physiotherapist with a proved address.

    The link came out of that mailbox, so no second code is asked for. Raises Refused.
    """
    try:
        with transaction.atomic():
            invitation = _checked(secret, now)
            user = create_account(
                email=invitation.email,
                name=name,
                password=password,
                role=Role.CLINICIAN,
                time_zone=time_zone,
                verified=True,
            )
            _join(invitation, user, now)
            return user
    except IntegrityError:
        # Only the holder of the mailbox gets here, so she may be told.
        raise Refused(
            _("This address has an account already. Sign in with it, then open the link again.")
        ) from None


@transaction.atomic
def join_as_known(*, secret: str, user: User, now: datetime.datetime) -> None:
    """Bring an account that is a physiotherapist's already into the clinic. Raises Refused."""
    invitation = _checked(secret, now)
    if invitation.email != user.email.lower():
        raise Refused(GONE)
    if not user.is_clinician:
        raise Refused(
            _(
                "Your account is not a physiotherapist's. Ask to be invited at another address: "
                "what you recorded as a runner stays apart from your work."
            )
        )
    _join(invitation, user, now)


def _checked(secret: str, now: datetime.datetime) -> Invitation:
    """The open invitation, whose inviter may still invite there."""
    invitation = locked_open(kind=InvitationKind.JOIN, secret=secret, now=now)
    inviter = invitation.invited_by
    if not (may_lead(inviter, invitation.clinic) if invitation.clinic else inviter.is_manager):
        raise Refused(GONE)
    return invitation


def _join(invitation: Invitation, user: User, now: datetime.datetime) -> None:
    if invitation.clinic:
        join_clinic(clinic=invitation.clinic, clinician=user, now=now, is_lead=invitation.as_lead)
    settle(invitation, outcome=InvitationOutcome.ACCEPTED, by=user, now=now)
