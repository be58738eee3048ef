"""Traces outside the person's own rows: sessions of every kind, the administration's log, files of mails.

All of it may be done twice, and is done after the rows have gone.
"""

import json
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q

from accounts.models import User
from programs.services.erasure.redaction import any_address

FILES_OF_MAILS = "django.core.mail.backends.filebased.EmailBackend"
ERASED = "an erased account"


def end_sessions(keys: list[str]) -> None:
    """End the sessions that her account lists, whatever keeps them."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store().delete(key)


def forget_sessions(user_id: int, addresses: list[str]) -> int:
    """End every session that is hers or in which she began to sign in. Returns how many."""
    found, hers = [], any_address(addresses)
    for session in Session.objects.iterator():
        held = session.get_decoded()
        # A form that waits for its sender to say who she is lies there as it was sent.
        text = unquote(json.dumps(held, default=str).replace("\\n", " "))
        if held.get(SESSION_KEY) == str(user_id) or (hers and hers.search(text)):
            found.append(session.pk)
    Session.objects.filter(pk__in=found).delete()
    return len(found)


def forget_in_the_log(user: User, addresses: list[str]) -> None:
    """The administration's log keeps what was done and by whom, and forgets to whom.

    Never by her name: she chose it herself, and a name of one letter would empty the log.
    """
    told, hers = Q(), any_address(addresses)
    for address in addresses:
        told |= Q(object_repr__icontains=address) | Q(change_message__icontains=address)
    named = [
        row.pk
        for row in LogEntry.objects.filter(told)
        if addresses and hers.search(f"{row.object_repr} {row.change_message}")
    ]
    about_her = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    LogEntry.objects.filter(about_her | Q(pk__in=named)).update(object_repr=ERASED, change_message="")


def files_of_mails() -> list[Path]:
    """Mails as files, as on a bare clone without a mail server; none where there is one."""
    if settings.EMAIL_BACKEND != FILES_OF_MAILS:
        return []
    return sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"))


def forget_files(addresses: list[str]) -> None:
    """Delete those that were sent to her, with whatever went out over the same connection."""
    hers = any_address(addresses)
    for file in files_of_mails():
        if hers and hers.search(file.read_bytes().decode(errors="replace")):
            file.unlink(missing_ok=True)
