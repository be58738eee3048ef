"""What a draft is compared with, and whose days it is run over."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from programs.models import Enrolment, ProgrammeTemplate, ProgrammeVersion, VersionStatus
from programs.selectors.agreement_rows import enrolments_of_clinic


@dataclass(frozen=True, slots=True)
class Basis:
    """``edition`` is None where there is none; ``followers`` are active runners of ``template``.

    ``is_origin``: nothing of the draft's own programme was published, so it stands
    beside the edition that it was copied from. Others of the site may follow that
    one, so only runners who let in somebody of her clinic are among the followers.
    """

    edition: ProgrammeVersion | None
    template: ProgrammeTemplate
    is_origin: bool
    followers: QuerySet[Enrolment]


def basis_of(*, draft: ProgrammeVersion, viewer: User, now: datetime.datetime) -> Basis:
    """The newest edition of the same programme, or else the one that was copied (two queries at most)."""
    before = _newest_before(draft)
    origin = None if before else _origin(draft, viewer, now)
    template = origin.template if origin else draft.template
    everybody = enrolments_of_clinic(viewer, now) if origin else Enrolment.objects.all()
    followers = everybody.active().filter(version__template=template)
    return Basis(before or origin, template, origin is not None, followers)


def _newest_before(draft: ProgrammeVersion) -> ProgrammeVersion | None:
    others = ProgrammeVersion.objects.filter(template=draft.template_id).exclude(status=VersionStatus.DRAFT)
    return others.order_by("-number").first()


def _origin(draft: ProgrammeVersion, viewer: User, now: datetime.datetime) -> ProgrammeVersion | None:
    """As long as she may read it: she may have left the clinic whose it is."""
    if draft.copied_from is None:
        return None
    key, number = draft.copied_from
    readable = ProgrammeVersion.objects.readable_by(viewer, now).filter(template__key=key, number=number)
    return readable.select_related("template").first()
