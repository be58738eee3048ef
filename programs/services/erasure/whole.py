"""Erasing somebody, from the first lock to the last trace."""

import datetime

from allauth.usersessions.models import UserSession

from accounts.models import Erasure, ErasureKind, User
from programs.services.erasure.account import close_account
from programs.services.erasure.elsewhere import end_sessions, forget_files, forget_sessions
from programs.services.erasure.log import note_begun, note_done
from programs.services.erasure.opening import insisted
from programs.services.erasure.rows import addresses_of
from programs.services.erasure.runner import delete_all, erase_runner


def erase(*, user: User, now: datetime.datetime) -> Erasure:
    """Take a person out of the site, at once and for good; returns what is kept of that. Raises Refused.

    A runner whom no physiotherapist ever saw goes whole. Otherwise the person
    goes, and what was decided for her is kept under a pseudonym until its time
    is over. Of a physiotherapist or a site manager the name stays where it
    stands under an act. Sessions and files follow when the rows have gone.
    """
    addresses = addresses_of(user)
    sessions = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    act = erase_runner if user.is_runner else close_account
    # Hers, also where somebody else has erased her meanwhile: the act says so.
    reference = user.public_id
    note_begun(reference=reference, now=now)
    erasure = insisted(lambda: act(user, now))
    note_done(reference=reference, now=now)
    end_sessions(sessions)
    forget_sessions(user.pk, addresses)
    forget_files(addresses)
    return erasure


def erase_kept(*, user: User, now: datetime.datetime) -> Erasure:
    """Delete what was kept of a runner who was erased before: its time is over."""

    def act() -> Erasure:
        kept = User.objects.select_for_update().get(pk=user.pk)
        return delete_all(kept, addresses_of(kept), now, kind=ErasureKind.RETENTION)

    return insisted(act)
