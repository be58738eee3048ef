"""What has been kept long enough goes: once a day, in batches, and a repeat finds nothing.

How long is set by the operator (``REHAB_KEEP_…``); what each table is kept
for is in docs/privacy.md.
"""

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.models import (
    AccessRecord,
    AccountMail,
    CacheEntry,
    Erasure,
    ErasureKind,
    HandOver,
    Invitation,
    InvitationOutcome,
    MailStatus,
    Membership,
    Role,
    User,
)
from accounts.models.base import AppendOnlyModel
from programs.keeping import years_after
from programs.models import JobHeartbeat, MessageOwed, MessageStatus
from programs.services.erasure import erase_kept
from programs.services.erasure.elsewhere import files_of_mails
from programs.services.erasure.opening import open_erasure
from programs.services.erasure.rows import THE_ACCOUNT, gone, is_named_elsewhere

JOB = "apply_retention"
ONCE_IN = datetime.timedelta(hours=23)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Step:
    """What of one kind is over, and in which words the operator reads it."""

    words: str
    rows: QuerySet

    def __str__(self) -> str:
        return f"{self.rows.count()} {self.words}"


def is_due(*, now: datetime.datetime) -> bool:
    """True where it was not done for about a day: asked every hour, so that no restart makes it miss one."""
    return not JobHeartbeat.objects.filter(name=JOB, beat_at__gt=now - ONCE_IN).exists()


def steps(now: datetime.datetime) -> Iterator[Step]:
    """Everything that is over now, kind by kind; what refers to something else comes before it.

    Reading it changes nothing.
    """
    yield Step("records of erased runners whose time is over", kept_records_over(now))
    yield Step("sign-ups whose address was never proved", unproved_sign_ups(now))
    yield Step("records of who saw what", AccessRecord.objects.filter(at__lt=_audit_limit(now)))
    yield Step(
        "lines of the administration's log", LogEntry.objects.filter(action_time__lt=_audit_limit(now))
    )
    yield Step("account mails", account_mails_over(now))
    yield Step("mails about programmes", messages_over(now))
    yield Step("invitations", invitations_over(now))
    yield Step("memberships of closed accounts", memberships_over(now))
    yield Step("closed accounts that nothing names any more", closed_accounts())
    yield Step("sessions that have ended", Session.objects.filter(expire_date__lt=now))
    yield Step("notes of where somebody was signed in", ended_sign_ins(now))
    yield Step("counts of rate limits", CacheEntry.objects.filter(expires__lt=now))


def apply_retention(*, now: datetime.datetime) -> dict[str, int]:
    """Delete all of it; returns what went, in words -> how many."""
    counts = {step.words: _delete(step.rows, now) for step in steps(now)}
    files = old_files(now)
    for file in files:
        file.unlink(missing_ok=True)
    counts["files of mails"] = len(files)
    return {words: count for words, count in counts.items() if count}


def _delete(rows: QuerySet, now: datetime.datetime) -> int:
    if rows.model is User:
        return sum(_delete_account(user, now) for user in list(rows))
    is_record = issubclass(rows.model, AppendOnlyModel)
    count = 0
    while pks := list(rows.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic(), open_erasure() if is_record else contextlib.nullcontext():
            batch = rows.model._base_manager.filter(pk__in=pks)
            if rows.model is AccountMail:
                HandOver.objects.filter(notice__in=pks).update(notice=None)
            count += batch._raw_delete(batch.db)
    return count


def _delete_account(user: User, now: datetime.datetime) -> int:
    if user.is_runner:
        erase_kept(user=user, now=now)
        return 1
    with transaction.atomic():
        return sum(gone((THE_ACCOUNT,), user, []).values())


def kept_records_over(now: datetime.datetime) -> QuerySet[User]:
    """Pseudonyms whose last day is past; what was promised then holds, whatever is set now."""
    over = Erasure.objects.filter(kind=ErasureKind.PSEUDONYM, kept_until__lt=now.date())
    return User.objects.filter(erased_at__isnull=False, public_id__in=over.values("pseudonym")).order_by("pk")


def memberships_over(now: datetime.datetime) -> QuerySet[Membership]:
    """Where somebody worked who has long left the site."""
    return Membership.objects.filter(left_at__lt=_audit_limit(now), clinician__erased_at__isnull=False)


def closed_accounts() -> QuerySet[User]:
    closed = User.objects.filter(erased_at__isnull=False).exclude(role=Role.RUNNER)
    return closed.filter(pk__in=[user.pk for user in closed if not is_named_elsewhere(user)])


def unproved_sign_ups(now: datetime.datetime) -> QuerySet[User]:
    """Somebody's address in a form that she may never have seen.

    Whoever came from another site proves hers by the first sign-in, and has a record before that.
    """
    before = now - datetime.timedelta(days=settings.REHAB_KEEP_INVITATION_DAYS)
    proved = EmailAddress.objects.filter(verified=True).values("user")
    return User.objects.filter(
        role=Role.RUNNER,
        last_login__isnull=True,
        erased_at__isnull=True,
        date_joined__lt=before,
        is_active=True,
        enrolments__isnull=True,
        intakes__isnull=True,
    ).exclude(pk__in=proved)


def account_mails_over(now: datetime.datetime) -> QuerySet[AccountMail]:
    """Settled ones; the notice of an open hand-over is what its week is counted from."""
    settled = AccountMail.objects.exclude(status=MailStatus.OWED).filter(settled_at__lt=now - _mail_days())
    return settled.exclude(pk__in=HandOver.objects.open().filter(notice__isnull=False).values("notice"))


def messages_over(now: datetime.datetime) -> QuerySet[MessageOwed]:
    """Settled ones; while a programme is paused they say who was told of the pause."""
    settled = MessageOwed.objects.exclude(status=MessageStatus.OWED).filter(settled_at__lt=now - _mail_days())
    of_a_pause = Q(enrolment__paused_at__isnull=False, created_at__gte=F("enrolment__paused_at"))
    return settled.exclude(pk__in=MessageOwed.objects.filter(of_a_pause).values("pk"))


def invitations_over(now: datetime.datetime) -> QuerySet[Invitation]:
    before = now - datetime.timedelta(days=settings.REHAB_KEEP_INVITATION_DAYS)
    settled = Q(settled_at__lt=before)
    return Invitation.objects.filter(settled | Q(outcome=InvitationOutcome.OPEN, expires_at__lt=before))


def _audit_limit(now: datetime.datetime) -> datetime.datetime:
    first = years_after(now.date(), -settings.REHAB_KEEP_AUDIT_YEARS)
    return datetime.datetime.combine(first, datetime.time(), datetime.UTC)


def _mail_days() -> datetime.timedelta:
    return datetime.timedelta(days=settings.REHAB_KEEP_MAIL_DAYS)


def ended_sign_ins(now: datetime.datetime) -> QuerySet[UserSession]:
    """Network address and browser of sessions that are no more."""
    alive = Session.objects.filter(expire_date__gte=now)
    return UserSession.objects.exclude(session_key__in=alive.values("session_key"))


def old_files(now: datetime.datetime) -> list[Path]:
    """Mails that are files because the site has no mail server."""
    before = (now - _mail_days()).timestamp()
    return [file for file in files_of_mails() if file.stat().st_mtime < before]
