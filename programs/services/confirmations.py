"""A physiotherapist confirms that a stage may be left, where the programme asks for that.

The confirmation ends a wait and no more: the day still closes at night, and
every other criterion has to be met then, as ever.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from programs.models import Decision, Enrolment, OverrideKind
from programs.services.clinician_acts import act_of, check_code, opened_by, recorded
from programs.services.errors import Refused
from programs.services.holds import refuse_while_held
from programs.snapshots import histories_of, programmes_of, signed_off


@transaction.atomic
def confirm_stage(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    reason_code: str,
    reason: str,
    origin: str = "",
) -> Decision:
    """Confirm that the present stage may be left. Raises Refused."""
    enrolment, today = opened_by(enrolment=enrolment, by=by, now=now, reason=reason)
    refuse_while_held()
    check_code(reason_code)
    _check(enrolment, today)
    act = act_of(
        enrolment=enrolment,
        by=by,
        now=now,
        today=today,
        reason=reason,
        reason_code=reason_code,
        kind=OverrideKind.SIGN_OFF,
        stage=enrolment.stage,
    )
    return recorded(act, enrolment, rule="D7D_SIGNED_OFF", now=now, origin=origin)


def _check(enrolment: Enrolment, today: datetime.date) -> None:
    if enrolment.is_paused:
        raise Refused(_("The programme is paused. Clear the pause first; the stage then starts again."))
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    if not programme.stages[programme.positions[enrolment.stage]].sign_off:
        raise Refused(_("This stage needs no confirmation."))
    if enrolment.stage_entered_on > today:
        raise Refused(_("This stage begins tomorrow. Confirm it once it has begun."))
    overrides = histories_of([enrolment], first=today)[enrolment.pk].overrides
    if signed_off(overrides, enrolment.stage, enrolment.stage_entered_on.toordinal(), today):
        raise Refused(_("This stage is confirmed already."))
