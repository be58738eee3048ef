"""Traces outside the person's own rows: sessions of every kind, the administration's log, files of mails.

All of it may be done twice, and is done after the rows have gone.
"""

import json
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q

from accounts.models import User

FILES_OF_MAILS = "django.core.mail.backends.filebased.EmailBackend"
ERASED = "an erased account"


def end_sessions(keys: list[str]) -> None:
    """End the sessions that her account lists, whatever keeps them."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store().delete(key)


def forget_sessions(user_id: int, addresses: list[str]) -> int:
    """End every session that is hers or in which she began to sign in. Returns how many."""
    found = []
    for session in Session.objects.iterator():
        held = session.get_decoded()
        text = json.dumps(held, default=str).lower()
        if held.get(SESSION_KEY) == str(user_id) or any(address in text for address in addresses):
            found.append(session.pk)
    Session.objects.filter(pk__in=found).delete()
    return len(found)


def forget_in_the_log(user: User, name: str, addresses: list[str]) -> None:
    """The administration's log keeps what was done and by whom, and forgets to whom."""
    told = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    for word in filter(None, (name, *addresses)):
        told |= Q(object_repr__icontains=word) | Q(change_message__icontains=word)
    LogEntry.objects.filter(told).update(object_repr=ERASED, change_message="")


def files_of_mails() -> list[Path]:
    """Mails as files, as on a bare clone without a mail server; none where there is one."""
    if settings.EMAIL_BACKEND != FILES_OF_MAILS:
        return []
    return sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"))


def forget_files(addresses: list[str]) -> None:
    """Delete those that were sent to her, with whatever went out over the same connection."""
    for file in files_of_mails():
        content = file.read_bytes().lower()
        if any(address.encode() in content for address in addresses):
            file.unlink(missing_ok=True)
