"""A clinic's own exercises: written and edited by a physiotherapist, each edit a new number.

They pass the same check as what is shipped, so every page may read them alike.
"""

import datetime
import secrets
from dataclasses import dataclass
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.clinic import clinic_of
from programs.engine.document_values import Spot
from programs.library.items import check_for
from programs.library.loader import EXERCISE, SOURCE, content_hash
from programs.models import LibraryItem
from programs.own_library import OWN, own_items
from programs.services.errors import NotLetIn, Refused
from programs.services.pictures import store_picture
from programs.shelf import shelf

#: Exercises of one clinic; a list that nobody finds anything in helps nobody.
MOST = 300


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; its name and type are nobody's to believe."""

    file: BinaryIO
    size: int


def write_exercise(
    *, by: User, now: datetime.datetime, document: dict, picture: Upload | None = None
) -> LibraryItem:
    """A new exercise of her clinic, or of hers alone where she is in none. Raises Refused."""
    _check_clinician(by)
    if len(own_items(by)) >= MOST:
        raise Refused(_("There are {most} exercises already.").format(most=MOST))
    key = f"{OWN}{secrets.token_hex(8)}"
    return _stored(None, by, now, {**document, "key": key}, picture)


def edit_exercise(
    *,
    by: User,
    now: datetime.datetime,
    key: str,
    number: int,
    document: dict,
    picture: Upload | None = None,
) -> LibraryItem:
    """The next number of her exercise. ``number`` is the one that she edited. Raises Refused."""
    _check_clinician(by)
    item = next((row for row in own_items(by) if row.key == key), None)
    if item is None:
        raise NotLetIn(_("This exercise is not yours."))
    if item.number != number:
        raise Refused(_("Somebody changed this exercise meanwhile. Read it again before you change it."))
    gone = set(item.document["doses"]) - set(document["doses"])
    if gone:
        raise Refused(
            _("Keep level {level}: programmes may ask for it.").format(level=min(gone)), f"words_{min(gone)}"
        )
    return _stored(item, by, now, {**document, "key": key}, picture)


def _check_clinician(by: User) -> None:
    if not by.is_clinician:
        raise NotLetIn(_("Only physiotherapists write exercises."))


@transaction.atomic
def _stored(
    item: LibraryItem | None, by: User, now: datetime.datetime, document: dict, picture: Upload | None
) -> LibraryItem:
    if picture is not None:
        kept = store_picture(by=by, now=now, file=picture.file, size=picture.size)
        document = {**document, "picture": str(kept.key)}
    _check(document)
    if item is not None and content_hash(document) == item.content_hash:
        raise Refused(_("Nothing was changed."))
    row = LibraryItem(
        kind=EXERCISE,
        key=document["key"],
        number=item.number + 1 if item else 1,
        document=document,
        content_hash=content_hash(document),
        published_at=now,
        clinic=item.clinic if item else clinic_of(by),
        made_by=by,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(
            _("Somebody changed this exercise meanwhile. Read it again before you change it.")
        ) from None
    return row


def _check(document: dict) -> None:
    """As a shipped one is checked; its own key is the only one that it may know of itself."""
    items = shelf()
    sources = frozenset(row.key for row in items.of(SOURCE)) | {"design"}
    check = check_for(EXERCISE, sources, frozenset(row.key for row in items.of(EXERCISE)))
    fault = next(iter(check(Spot(_("exercise")), document)), None)
    if fault is not None:
        raise Refused(fault.message)
