"""Publishing a draft and retiring an edition: for those who begin; nobody who follows one is moved."""

import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from programs.builder.soundness import faults_of
from programs.library.loader import SOURCE
from programs.models import ProgrammeVersion, VersionStatus
from programs.models.template import NOTE_OF_RETIREMENT
from programs.own_library import items_for
from programs.services.drafts import DraftChanged, own_template
from programs.services.errors import NotLetIn, Refused
from programs.shelf import shelf

SHORTEST_NOTE, LONGEST_NOTE = 3, 500


class DraftRefused(Refused):
    """The draft has faults; ``faults`` holds a message for each."""

    def __init__(self, faults: list[str]):
        super().__init__(_("This draft has faults. Nothing was published."))
        self.faults = tuple(faults)


@transaction.atomic
def publish(
    *, draft: ProgrammeVersion, by: User, now: datetime.datetime, note: str, known_hash: str
) -> ProgrammeVersion:
    """Make the draft the newest edition, frozen from now on. Raises Refused, DraftRefused or DraftChanged.

    Whoever follows an older edition stays on it.
    """
    note = _note(note)
    template = own_template(draft.template_id, by)
    draft = _locked(draft, DraftChanged(_("Somebody else threw this draft away meanwhile.")))
    if draft.status != VersionStatus.DRAFT:
        raise Refused(_("This version was published meanwhile."))
    if draft.content_hash != known_hash:
        raise DraftChanged(_("Somebody changed this draft since you opened the page. Look at it once more."))
    others = template.versions.exclude(pk=draft.pk)
    _refuse_the_same(draft, others)
    _refuse_faults(draft, by)
    draft.number = (others.aggregate(newest=Max("number"))["newest"] or 0) + 1
    draft.status, draft.note = VersionStatus.PUBLISHED, note
    draft.published_at, draft.published_by = now, by
    draft.save()
    template.title, template.family = draft.document["title"], draft.document["family"]
    template.save(update_fields=["title", "family"])
    return draft


@transaction.atomic
def retire(*, version: ProgrammeVersion, by: User, now: datetime.datetime, reason: str) -> ProgrammeVersion:
    """Offer an edition to nobody any more; who follows it stays on it. Raises Refused."""
    reason = _note(reason)
    own_template(version.template_id, by)
    version = _locked(version, NotLetIn(_("There is no such version of yours.")))
    if version.status != VersionStatus.PUBLISHED:
        raise Refused(_("Only what is published can be retired."))
    version.status = VersionStatus.RETIRED
    version.note = f"{version.note}{NOTE_OF_RETIREMENT}{reason}"
    version.retired_at, version.retired_by = now, by
    version.save(update_fields=["status", "note", "retired_at", "retired_by"])
    return version


def _note(given: str) -> str:
    """On one line, so that it can never be taken for two notes."""
    note = " ".join(given.split())
    if len(note) < SHORTEST_NOTE:
        raise Refused(_("Say why in a few words; your colleagues read it."), "note")
    if len(note) > LONGEST_NOTE:
        raise Refused(_("At most {most} characters.").format(most=LONGEST_NOTE), "note")
    return note


def _locked(version: ProgrammeVersion, gone: Refused) -> ProgrammeVersion:
    found = ProgrammeVersion.objects.select_for_update().filter(pk=version.pk).first()
    if found is None:
        raise gone
    return found


def _refuse_the_same(draft: ProgrammeVersion, others) -> None:
    newest = others.exclude(status=VersionStatus.DRAFT).order_by("-number").first()
    if newest and newest.content_hash == draft.content_hash and newest.status == VersionStatus.PUBLISHED:
        raise Refused(_("Nothing differs from version {number}.").format(number=newest.number))


def _refuse_faults(draft: ProgrammeVersion, by: User) -> None:
    exercises = {row.key: row.document for row in items_for(by)}
    sources = {row.key for row in shelf().of(SOURCE)}
    faults = faults_of(draft.document, exercises=exercises, sources=sources)
    if faults:
        raise DraftRefused([fault.message for fault in faults])
