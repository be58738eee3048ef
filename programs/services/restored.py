"""What follows from the rows of a backup being back: nothing is sent twice, nobody is signed in."""

import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import AccountMail, MailStatus
from accounts.services.hand_overs import call_off_all_hand_overs
from programs.mailing import SAFETY
from programs.mailing.reasons import BEFORE_RESTORE
from programs.models import Enrolment, JobHeartbeat, MailChoice, MessageOwed, MessageStatus
from programs.services.by_the_clock import owe_by_the_clock
from programs.services.holds import RESTORED


@transaction.atomic
def settle_what_was_owed(*, backup_of: datetime.datetime, now: datetime.datetime) -> dict[str, int]:
    """The site went on after the backup: whatever was due before ``now`` it has sent, or may have.

    So that is not sent again. Notices about safety stay owed: one that comes
    twice, with the same Message-ID, harms nobody, and one that is lost may.
    Codes and links of account mails are wiped, and everybody is signed out.
    Open hand-overs are called off: who refused one since would be handed over.
    Returns what was done, in words -> how many.
    """
    JobHeartbeat.objects.update_or_create(
        name=RESTORED, defaults={"beat_at": now, "note": f"backup of {backup_of:%Y-%m-%d %H:%M} UTC"}
    )
    _strike_every_clock(now)
    # Whatever had claimed them is gone.
    MessageOwed.objects.filter(status=MessageStatus.OWED).update(leased_until=None)
    Enrolment.objects.filter(claimed_until__isnull=False).update(claimed_until=None)
    due = MessageOwed.objects.filter(status=MessageStatus.OWED, due_at__lte=now)
    skipped = due.exclude(kind__in=SAFETY).update(
        status=MessageStatus.SKIPPED, settled_at=now, outcome=BEFORE_RESTORE
    )
    kept = MessageOwed.objects.filter(status=MessageStatus.OWED, kind__in=SAFETY).count()
    return {
        "mails that were due are skipped": skipped,
        "notices about safety stay owed and may come twice": kept,
        "account mails are wiped": wipe_account_mails(now=now),
        "hand-overs are called off, to be proposed again": call_off_all_hand_overs(now=now),
        "sessions are ended": _end_sessions(),
    }


def _strike_every_clock(now: datetime.datetime) -> None:
    """Owe what the clock has struck since the backup, so that it is skipped and not due any more."""
    while MailChoice.objects.due(now).exists():
        before = MailChoice.objects.due(now).count()
        owe_by_the_clock(now=now)
        if MailChoice.objects.due(now).count() >= before:
            return


def wipe_account_mails(*, now: datetime.datetime) -> int:
    """Codes and links that nobody waits for any more."""
    owed = AccountMail.objects.filter(status=MailStatus.OWED)
    return owed.update(
        status=MailStatus.EXPIRED, settled_at=now, outcome=BEFORE_RESTORE, leased_until=None, text="", html=""
    )


def _end_sessions() -> int:
    UserSession.objects.all().delete()
    return Session.objects.all().delete()[0]
