"""A runner leaves: everything goes, or the person goes and the record of her treatment stays for a time."""

import datetime

from accounts.links import page
from accounts.models import Act, Consent, Erasure, ErasureKind, HandOver, User
from accounts.services.audit import record_access
from accounts.services.colleagues import tell
from accounts.services.consents import end_consent
from programs.keeping import kept_until, was_treated
from programs.services.erasure.elsewhere import forget_in_the_log
from programs.services.erasure.opening import locked, open_erasure
from programs.services.erasure.record import NAME, end_red_flags, leave_shell, strip_record
from programs.services.erasure.redaction import Redaction, redact_mails_to_others
from programs.services.erasure.rows import (
    CLINICAL_RECORD,
    INVITATIONS_OF_A_RUNNER,
    OF_THE_PERSON,
    THE_ACCOUNT,
    addresses_of,
    gone,
)


def erase_runner(user: User, now: datetime.datetime) -> Erasure:
    """Inside the caller's transaction. Nothing is told to her by mail: there is no address any more."""
    user = locked(user)
    addresses, name = addresses_of(user), user.name
    forget_in_the_log(user, addresses)
    redact_mails_to_others(name, addresses)
    if was_treated(user, now):
        return _keep_the_record(user, addresses, now)
    return delete_all(user, addresses, now, kind=ErasureKind.ALL)


def delete_all(user: User, addresses: list[str], now: datetime.datetime, *, kind: ErasureKind) -> Erasure:
    """Every row, the account too. Messages first: who just sends one writes a record of that."""
    with open_erasure():
        rows = (*OF_THE_PERSON, INVITATIONS_OF_A_RUNNER, *CLINICAL_RECORD, THE_ACCOUNT)
        # A notice of a hand-over is a mail that a hand-over refers to.
        HandOver.objects.filter(consent__runner=user).update(notice=None)
        counts = gone(rows, user, addresses)
    return Erasure.objects.create(kind=kind, role=user.role, at=now, counts=counts)


def _keep_the_record(user: User, addresses: list[str], now: datetime.datetime) -> Erasure:
    until = kept_until(user, now)
    without = Redaction(user.name, addresses)
    told = _clinicians(user, now)
    initials = user.initials
    _end_access(user, now)
    with open_erasure():
        HandOver.objects.filter(consent__runner=user).update(notice=None)
        counts = gone((*OF_THE_PERSON, INVITATIONS_OF_A_RUNNER), user, addresses)
        end_red_flags(user, now)
        strip_record(user, without)
    leave_shell(user, now, name=NAME)
    _tell(told, user, initials, until, now)
    return Erasure.objects.create(
        kind=ErasureKind.PSEUDONYM,
        role=user.role,
        at=now,
        counts=counts,
        kept_until=until,
        pseudonym=user.public_id,
    )


def _clinicians(user: User, now: datetime.datetime) -> list[User]:
    """Who has access at this moment; everybody else is a stranger and is told nothing."""
    consents = Consent.objects.in_force(now).filter(runner=user, clinician__is_active=True)
    return [consent.clinician for consent in consents.select_related("clinician").order_by("pk")]


def _tell(clinicians: list[User], user: User, initials: str, until: datetime.date, now) -> None:
    """With initials, and with the reference by which what is kept can be found: beside them, in her own
    notes, a physiotherapist can put it together again, and nobody here can.
    """
    words = {"initials": initials, "reference": user.public_id, "until": until, "link": page("caseload")}
    for clinician in clinicians:
        tell(clinician, "erased", now=now, **words)
        record_access(runner_ids=[user.pk], actor=clinician, act=Act.MAIL, detail="account deleted", now=now)


def _end_access(user: User, now: datetime.datetime) -> None:
    """Grants before the covers that rest on them, which end with them."""
    for pk in Consent.objects.unrevoked().filter(runner=user).order_by("pk").values_list("pk", flat=True):
        consent = Consent.objects.unrevoked().filter(pk=pk).select_related("clinician").first()
        if consent:
            end_consent(consent, by=user, now=now)
