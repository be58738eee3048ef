"""A runner lets a physiotherapist in, and out again."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import (
    Act,
    Consent,
    ConsentVia,
    HandOver,
    HandOverOutcome,
    Invitation,
    InvitationKind,
    InvitationOutcome,
    User,
)
from accounts.models.consent import CONSENT_TEXT_VERSION
from accounts.services.audit import record_access
from accounts.services.errors import Refused


def lock_person(person: User) -> None:
    """Let one change of her access wait for another.

    Rows that only refer to her (``no_key``) are still written meanwhile: a
    stronger lock would wait for them, and they for us. Raises Refused where the
    person was erased meanwhile.
    """
    row = User.objects.select_for_update(no_key=True).filter(pk=person.pk, erased_at__isnull=True)
    if not list(row.values_list("pk")):
        raise Refused(_("This account does not exist any more."))


@transaction.atomic
def grant_consent(
    *,
    runner: User,
    clinician: User,
    now: datetime.datetime,
    via: str = ConsentVia.GRANT,
    by: User | None = None,
    text_version: int = CONSENT_TEXT_VERSION,
) -> Consent:
    """Let the clinician see and act for the runner; twice is the same as once.

    A holiday cover, a grant that has run out, and one to an older wording make
    room for the full one. ``by`` is the runner unless it says otherwise.
    """
    if not runner.is_runner or not clinician.is_clinician:
        raise Refused(_("Consent goes from a runner to a physiotherapist."))
    # Two grants at the same moment: the second waits and finds the first.
    lock_person(runner)
    by = by or runner
    former = Consent.objects.unrevoked().filter(runner=runner, clinician=clinician).first()
    if former and former.via != ConsentVia.COVER and former.expires_at is None:
        if former.text_version >= text_version:
            return former
        _end_with_all(former, by=by, now=now)
    elif former:
        _end(former, by=by, now=now)
    consent = Consent.objects.create(
        runner=runner, clinician=clinician, granted_at=now, via=via, text_version=text_version
    )
    say_changed(consent, actor=by, now=now, what=f"access given to {clinician}")
    return consent


@transaction.atomic
def revoke_consent(*, runner: User, clinician: User, now: datetime.datetime, by: User | None = None) -> int:
    """End the grant at once, with every cover and hand-over that rests on it.

    ``by`` is the runner unless it says otherwise. Her open codes end too: whoever
    is shown out must not come back by one. Returns how many grants of that
    clinician were ended (0 or 1).
    """
    lock_person(runner)
    withdraw_offers_of(runner, by=by or runner, now=now)
    consent = Consent.objects.unrevoked().filter(runner=runner, clinician=clinician).first()
    if consent is None:
        return 0
    end_consent(consent, by=by or runner, now=now)
    return 1


def end_consent(consent: Consent, *, by: User, now: datetime.datetime) -> None:
    """End one grant and what rests on it; the caller has locked the runner."""
    _end_with_all(consent, by=by, now=now)
    say_changed(consent, actor=by, now=now, what=f"access of {consent.clinician} ended")


def withdraw_offers_of(runner: User, *, by: User, now: datetime.datetime) -> int:
    """Take back the codes of this runner that nobody has taken; the caller has locked her."""
    offers = Invitation.objects.filter(
        kind=InvitationKind.OFFER, invited_by=runner, outcome=InvitationOutcome.OPEN
    )
    return offers.update(outcome=InvitationOutcome.WITHDRAWN, settled_at=now, settled_by=by)


def say_changed(consent: Consent, *, actor: User, now: datetime.datetime, what: str) -> None:
    """Write a change of access into the runner's record, also where it was her own act."""
    by = None if actor.pk == consent.runner_id else actor
    record_access(runner_ids=[consent.runner_id], actor=by, act=Act.CONSENT, detail=what, now=now)


def _end_with_all(consent: Consent, *, by: User, now: datetime.datetime) -> None:
    for cover in Consent.objects.unrevoked().filter(covers=consent).select_related("clinician"):
        _end(cover, by=by, now=now)
        say_changed(cover, actor=by, now=now, what=f"holiday cover by {cover.clinician} ended")
    HandOver.objects.open().filter(consent=consent).update(outcome=HandOverOutcome.LAPSED, settled_at=now)
    _end(consent, by=by, now=now)


def _end(consent: Consent, *, by: User, now: datetime.datetime) -> None:
    """A cover that has not begun ends with its beginning, one that ran out when it did."""
    ended = min(now, consent.expires_at) if consent.expires_at else now
    consent.revoked_at = max(ended, consent.granted_at)
    consent.revoked_by = by
    consent.save(update_fields=["revoked_at", "revoked_by"])
