"""Moving a runner to another programme, or to another version of hers.

Diary, ledger, waking baseline, intake score, steps back, a pause and a hold go
with her; what changes is the document by which her days are decided from then
on, and the stage on which she stands in it.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from programs.models import (
    Decision,
    Enrolment,
    OverrideKind,
    ProgrammeTemplate,
    ProgrammeVersion,
    VersionStatus,
)
from programs.services.clinician_acts import act_of, check_code, check_review, opened_by, recorded
from programs.services.errors import Refused
from programs.services.holds import refuse_while_held
from programs.snapshots import programmes_of


@transaction.atomic
def move_version(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    version: ProgrammeVersion,
    stage: str,
    reason_code: str,
    reason: str,
    review_on: datetime.date | None = None,
    origin: str = "",
) -> Decision:
    """Move the runner; day 1 of ``stage`` is today. A pause stays a pause. Raises Refused."""
    enrolment, today = opened_by(enrolment=enrolment, by=by, now=now, reason=reason)
    # Stages of two programmes cannot be compared, so any move may be a step up.
    refuse_while_held()
    check_code(reason_code)
    check_review(review_on, today)
    version = _open_to(by, enrolment, version)
    _check_stage(version, stage)
    act = act_of(
        enrolment=enrolment,
        by=by,
        now=now,
        today=today,
        reason=reason,
        reason_code=reason_code,
        kind=OverrideKind.MOVE_VERSION,
        version=version,
        stage=stage,
        review_on=review_on,
    )
    return recorded(act, enrolment, rule="D7B_PHYSIO_SET", now=now, origin=origin)


def _open_to(by: User, enrolment: Enrolment, version: ProgrammeVersion) -> ProgrammeVersion:
    """The version as it stands now, with its template; hers to give, and not the runner's already."""
    found = ProgrammeVersion.objects.select_related("template").get(pk=version.pk)
    templates = ProgrammeTemplate.objects.filter(pk=found.template_id)
    is_hers = templates.shipped().exists() or templates.owned_by(by).exists()
    if not is_hers or found.status != VersionStatus.PUBLISHED:
        raise Refused(_("This programme is not published for your runners."), "version")
    if found.pk == enrolment.version_id:
        raise Refused(_("The runner follows this version already."), "version")
    others = Enrolment.objects.active().filter(runner=enrolment.runner_id, family=found.template.family)
    if others.exclude(pk=enrolment.pk).exists():
        raise Refused(_("The runner follows another programme of this kind already."), "version")
    return found


def _check_stage(version: ProgrammeVersion, stage: str) -> None:
    programme = programmes_of([version.pk])[version.pk]
    if stage not in programme.positions:
        raise Refused(_("Choose a stage of the new programme."), "stage")
    if programme.positions[stage] < programme.floor:
        raise Refused(_("Nobody is sent back to rest; the gentlest stage is walking."), "stage")
