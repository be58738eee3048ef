"""A physiotherapist or a site manager leaves: the person goes, the name stays under what she answers for."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.links import page
from accounts.models import (
    Consent,
    Erasure,
    ErasureKind,
    Invitation,
    InvitationKind,
    InvitationOutcome,
    Membership,
    Role,
    User,
)
from accounts.services.clinics import leave_clinic
from accounts.services.colleagues import lock_runners, tell
from accounts.services.consents import end_consent
from accounts.services.errors import Refused
from accounts.services.hand_overs import call_off_hand_overs_of
from programs.keeping import is_last_manager
from programs.services.erasure.elsewhere import forget_in_the_log
from programs.services.erasure.opening import locked
from programs.services.erasure.record import leave_shell
from programs.services.erasure.redaction import redact_mails_to_others
from programs.services.erasure.rows import OF_THE_PERSON, THE_ACCOUNT, addresses_of, gone, is_named_elsewhere

LAST_MANAGER = _(
    "You are the only site manager. Make somebody else one first, or nobody can run this site any more."
)


def close_account(user: User, now: datetime.datetime) -> Erasure:
    """Inside the caller's transaction. Her runners are told that she is gone. Raises Refused.

    Memberships are locked before people, as everything that concerns a clinic does.
    """
    membership = Membership.objects.current().filter(clinician=user).first()
    if membership:
        leave_clinic(membership=membership, by=user, now=now)
    if user.is_manager:
        # Two of them at the same moment: the second finds that she is the last.
        managers = User.objects.select_for_update(no_key=True).filter(role=Role.MANAGER, is_active=True)
        list(managers.order_by("pk").values_list("pk"))
        if is_last_manager(user):
            raise Refused(LAST_MANAGER)
    call_off_hand_overs_of(user, now=now)
    _end_consents(user, now)
    user = locked(user)
    addresses = addresses_of(user)
    forget_in_the_log(user, addresses)
    redact_mails_to_others("", addresses)
    counts = gone((*OF_THE_PERSON, _invitations_to_her), user, addresses)
    open_ones = Invitation.objects.filter(invited_by=user, outcome=InvitationOutcome.OPEN)
    open_ones.update(outcome=InvitationOutcome.WITHDRAWN, settled_at=now, settled_by=user)
    return _end_account(user, addresses, counts, now)


def _invitations_to_her(user: User, addresses: list[str]):
    return Invitation.objects.filter(kind=InvitationKind.JOIN, email__in=addresses)


def _end_consents(user: User, now: datetime.datetime) -> None:
    """As if she had revoked them herself; covers that rest on them end too."""
    hers = Consent.objects.unrevoked().filter(clinician=user)
    lock_runners(hers.values_list("runner", flat=True))
    for pk in list(hers.order_by("pk").values_list("pk", flat=True)):
        consent = hers.filter(pk=pk).select_related("runner", "clinician").first()
        if consent is None:
            continue
        end_consent(consent, by=user, now=now)
        if consent.runner.is_active:
            tell(consent.runner, "access_closed", now=now, clinician=user.name, link=page("access"))


def _end_account(user: User, addresses: list[str], counts: dict[str, int], now) -> Erasure:
    """All of it where nothing refers to her; else a name to which nothing belongs."""
    if is_named_elsewhere(user):
        leave_shell(user, now, name=user.name)
        return Erasure.objects.create(kind=ErasureKind.CLOSED, role=user.role, at=now, counts=counts)
    counts |= gone((THE_ACCOUNT,), user, addresses)
    return Erasure.objects.create(kind=ErasureKind.ALL, role=user.role, at=now, counts=counts)
