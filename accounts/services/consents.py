"""A runner lets a physiotherapist in, and out again."""

import datetime

from django.db import transaction

from accounts.models import Act, Consent, ConsentVia, HandOver, HandOverOutcome, User
from accounts.services.audit import record_access
from accounts.services.errors import Refused


@transaction.atomic
def grant_consent(
    *, runner: User, clinician: User, now: datetime.datetime, via: str = ConsentVia.GRANT
) -> Consent:
    """Let the clinician see and act for the runner; twice is the same as once.

    A holiday cover, or a grant that has run out, makes room for the full one.
    """
    if not runner.is_runner or not clinician.is_clinician:
        raise Refused("Consent goes from a runner to a physiotherapist.")
    # Two grants at the same moment: the second waits and finds the first.
    User.objects.select_for_update().get(pk=runner.pk)
    former = Consent.objects.unrevoked().filter(runner=runner, clinician=clinician).first()
    if former and former.via != ConsentVia.COVER and former.expires_at is None:
        return former
    if former:
        _end(former, by=runner, now=now)
    consent = Consent.objects.create(runner=runner, clinician=clinician, granted_at=now, via=via)
    say_changed(consent, actor=runner, now=now, what=f"access given to {clinician}")
    return consent


@transaction.atomic
def revoke_consent(*, runner: User, clinician: User, now: datetime.datetime, by: User | None = None) -> int:
    """End the grant at once, with every cover and hand-over that rests on it.

    ``by`` is the runner unless it says otherwise. Returns how many grants of
    that clinician were ended (0 or 1).
    """
    User.objects.select_for_update().get(pk=runner.pk)
    consent = Consent.objects.unrevoked().filter(runner=runner, clinician=clinician).first()
    if consent is None:
        return 0
    end_consent(consent, by=by or runner, now=now)
    return 1


def end_consent(consent: Consent, *, by: User, now: datetime.datetime) -> None:
    """End one grant and what rests on it; the caller has locked the runner."""
    for cover in Consent.objects.unrevoked().filter(covers=consent):
        _end(cover, by=by, now=now)
    HandOver.objects.open().filter(consent=consent).update(outcome=HandOverOutcome.LAPSED, settled_at=now)
    _end(consent, by=by, now=now)
    say_changed(consent, actor=by, now=now, what=f"access of {consent.clinician} ended")


def _end(consent: Consent, *, by: User, now: datetime.datetime) -> None:
    """A cover that has not begun ends with its beginning, one that ran out when it did."""
    ended = min(now, consent.expires_at) if consent.expires_at else now
    consent.revoked_at = max(ended, consent.granted_at)
    consent.revoked_by = by
    consent.save(update_fields=["revoked_at", "revoked_by"])


def say_changed(consent: Consent, *, actor: User, now: datetime.datetime, what: str) -> None:
    """Write a change of access into the runner's record, also where it was her own act."""
    by = None if actor.pk == consent.runner_id else actor
    record_access(runner_ids=[consent.runner_id], actor=by, act=Act.CONSENT, detail=what, now=now)
