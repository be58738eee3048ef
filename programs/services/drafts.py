"""Drafts of a clinic's own programmes: begun, saved, thrown away. What is published never changes here.

A draft may be faulty: somebody is still writing it. Only publishing checks it.
"""

import datetime
import json
import re
import unicodedata

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.clinic import clinic_of
from programs.library.loader import content_hash
from programs.models import ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.services.errors import NotLetIn, Refused

#: Bytes of a document as JSON; the longest shipped one has a fifth of it.
LARGEST_DOCUMENT = 300_000
LONGEST_KEY = 60
LONGEST_TITLE = 120
NO_NAME = "programme"
#: What is loaded from a file later may have any other key, and must not become a version of a clinic's own.
OWN = "own-"
#: Somebody else may take a free key between the look and the writing.
ATTEMPTS = 5
FAMILY = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")


class DraftChanged(Refused):
    """Somebody saved this draft after the page was opened; nothing was written."""


def begin_draft(
    *,
    by: User,
    now: datetime.datetime,
    document: dict,
    template: ProgrammeTemplate | None = None,
    note: str = "",
) -> ProgrammeVersion:
    """Begin a draft: the next version of her own programme, or a programme of her own. Raises Refused.

    What is shipped is never edited: without ``template`` a copy becomes a programme with a new key.
    """
    if not by.is_clinician:
        raise NotLetIn(_("Only physiotherapists write programmes."))
    document = _storable(document)
    if template is not None:
        return _begin_in(template, by, now, document, note)
    for _attempt in range(ATTEMPTS):
        try:
            return _begin_anew(by, now, document, note)
        except IntegrityError:
            continue
    raise Refused(_("This title is taken. Choose another one."), "title")


@transaction.atomic
def save_draft(
    *, draft: ProgrammeVersion, by: User, now: datetime.datetime, document: dict, known_hash: str
) -> ProgrammeVersion:
    """Write what the draft says now. Raises DraftChanged where it is not what the page showed any more."""
    document = _storable(document)
    template = own_template(draft.template_id, by)
    draft = _locked_draft(draft)
    if draft.content_hash != known_hash:
        raise DraftChanged(_("Somebody else changed this draft while you wrote. Nothing was saved yet."))
    draft.document, draft.content_hash = _keyed(document, template.key)
    draft.save(update_fields=["document", "content_hash"])
    _name(template, draft.document)
    return draft


@transaction.atomic
def discard_draft(*, draft: ProgrammeVersion, by: User, known_hash: str) -> None:
    """Throw a draft away, and a programme with it that never was more than this draft. Raises Refused."""
    template = own_template(draft.template_id, by)
    draft = _locked_draft(draft)
    if draft.content_hash != known_hash:
        raise DraftChanged(_("Somebody else changed this draft meanwhile. Look at it again first."))
    draft.delete()
    if not template.versions.exists():
        template.delete()


@transaction.atomic
def _begin_in(
    template: ProgrammeTemplate, by: User, now: datetime.datetime, document: dict, note: str
) -> ProgrammeVersion:
    template = own_template(template.pk, by)
    if template.versions.filter(status=VersionStatus.DRAFT).exists():
        raise Refused(_("There is a draft of this programme already. Go on with that one."))
    return _first_words(template, by, now, document, note)


@transaction.atomic
def _begin_anew(by: User, now: datetime.datetime, document: dict, note: str) -> ProgrammeVersion:
    title = _title(document) or NO_NAME
    template = ProgrammeTemplate.objects.create(
        key=_free_key(title),
        title=title,
        family=_family(document) or NO_NAME,
        clinic=clinic_of(by),
        created_by=by,
    )
    return _first_words(template, by, now, document, note)


def _first_words(
    template: ProgrammeTemplate, by: User, now: datetime.datetime, document: dict, note: str
) -> ProgrammeVersion:
    newest = template.versions.aggregate(newest=Max("number"))["newest"] or 0
    keyed, digest = _keyed(document, template.key)
    return template.versions.create(
        number=newest + 1, document=keyed, content_hash=digest, note=note, created_at=now, created_by=by
    )


def own_template(pk: int, by: User) -> ProgrammeTemplate:
    """Her programme, locked: she may have left the clinic since the page was opened, or thrown it away."""
    # A row cannot be locked where the query joins several: first whether, then the lock.
    is_hers = by.is_clinician and ProgrammeTemplate.objects.owned_by(by).filter(pk=pk).exists()
    template = ProgrammeTemplate.objects.select_for_update().filter(pk=pk).first() if is_hers else None
    if template is None:
        raise NotLetIn(_("There is no such programme of yours."))
    return template


def _locked_draft(draft: ProgrammeVersion) -> ProgrammeVersion:
    found = ProgrammeVersion.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None:
        raise DraftChanged(_("Somebody else threw this draft away meanwhile."))
    if found.status != VersionStatus.DRAFT:
        raise Refused(_("This version was published meanwhile, and what is published never changes."))
    return found


def _name(template: ProgrammeTemplate, document: dict) -> None:
    """A programme that nobody follows yet is called as its draft says."""
    if template.versions.exclude(status=VersionStatus.DRAFT).exists():
        return
    template.title = _title(document) or template.title
    template.family = _family(document) or template.family
    template.save(update_fields=["title", "family"])


def _storable(document: object) -> dict:
    """The document as plain JSON that every database stores. Raises Refused."""
    if not isinstance(document, dict):
        raise Refused(_("A programme is a list of named fields. This is not one."))
    try:
        text = json.dumps(document, allow_nan=False, ensure_ascii=False)
        too_large = len(text.encode()) > LARGEST_DOCUMENT
    except (TypeError, ValueError, RecursionError):
        raise Refused(_("This programme holds something that cannot be stored.")) from None
    if too_large:
        most = LARGEST_DOCUMENT // 1000
        raise Refused(_("This programme is too long: at most %(most)s kB.") % {"most": most})
    if "\\u0000" in text:
        raise Refused(_("This programme holds something that cannot be stored."))
    return json.loads(text)


def _keyed(document: dict, key: str) -> tuple[dict, str]:
    keyed = {**document, "key": key}
    return keyed, content_hash(keyed)


def _title(document: dict) -> str:
    title = document.get("title")
    return title.strip()[:LONGEST_TITLE] if isinstance(title, str) else ""


def _family(document: dict) -> str:
    family = document.get("family")
    return family if isinstance(family, str) and FAMILY.fullmatch(family) else ""


def _free_key(title: str) -> str:
    """A key that no programme of this site has, made from the title, and none that a file will bring."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or NO_NAME
    stem = f"{OWN}{words}"[: LONGEST_KEY - 5].strip("-")
    taken = set(ProgrammeTemplate.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbered if key not in taken)
