"""What hand-overs and covers share: who are colleagues, and what a runner has said of one."""

import datetime
from collections.abc import Iterable

from accounts.emails import words_of
from accounts.models import Clinic, Consent, Membership, User
from accounts.services.mail import owe_mail


def may_lead(user: User, clinic: Clinic) -> bool:
    """True for a site manager, and for a lead of that clinic."""
    return Clinic.objects.led_by(user).filter(pk=clinic.pk).exists()


def locked_colleagues(first: User, second: User) -> bool:
    """True where both are in the same clinic, which neither can leave before this transaction ends.

    Memberships are locked before runners, everywhere, so that no two wait for each other.
    """
    memberships = Membership.objects.current().filter(clinician__in=(first, second)).order_by("pk")
    found = list(memberships.select_for_update())
    return len(found) == 2 and found[0].clinic_id == found[1].clinic_id


def lock_runners(runner_ids: Iterable[int]) -> None:
    """Make every other change of access of these runners wait; see ``consents.lock_person``."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=list(runner_ids))
    list(rows.order_by("pk").values_list("pk"))


def last_consents(runner_ids: Iterable[int], clinician: User) -> dict[int, Consent]:
    """Runner id -> the newest consent to that clinician, whatever became of it."""
    rows = Consent.objects.filter(runner__in=list(runner_ids), clinician=clinician)
    return {row.runner_id: row for row in rows.select_related("covers").order_by("pk")}


def has_said_no(last: Consent | None) -> bool:
    """True where the runner herself ended the access; colleagues do not bring it back for her.

    A cover that ran out, or ended with the consent beneath it, says nothing of the colleague.
    """
    if last is None or last.revoked_by_id != last.runner_id:
        return False
    fell_with_another = last.covers is not None and last.covers.revoked_at == last.revoked_at
    return last.revoked_at != last.expires_at and not fell_with_another


def tell(recipient: User, kind: str, *, now: datetime.datetime, **context):
    """Owe somebody with an account the mail ``kind``."""
    words = words_of(kind, {"recipient": recipient, **context})
    return owe_mail(email=recipient.email, kind=kind, words=words, now=now, recipient=recipient)
