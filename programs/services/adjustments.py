"""Exercises changed for one runner: another dose, another exercise, turned on, left out, as it was.

No rule of the engine reads them, so they have no place in the ledger; each is
a row with its reason, which the runner reads, and the audit says who acted.
"""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Act, User
from accounts.services.audit import record_access
from programs.adjusting.directions import direction_advice, is_run, verdict
from programs.adjusting.in_force import Adjusted, Adjustments, adjustments_of, first_from, numbers_of
from programs.adjusting.sessions import Setting, adjusted_sessions, listed_in
from programs.library.loader import EXERCISE
from programs.models import Adjustment, AdjustmentKind, Enrolment
from programs.models.adjustment import LEVELS
from programs.own_library import items_for
from programs.said import said
from programs.services.clinician_acts import check_code, check_review, opened_by
from programs.services.errors import Refused
from programs.services.holds import refuse_while_held
from programs.services.owed_written import owe_written
from programs.shelf import shelf


@dataclass(frozen=True, slots=True)
class Wanted:
    """What she asks for."""

    exercise: str
    kind: str
    level: str = ""
    instead: str = ""
    accepts_warning: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """The runner as she stands, and what may be chosen from."""

    enrolment: Enrolment
    given: Adjustments
    #: Every exercise by its key, for what the programme names; and those that this clinician may choose.
    library: dict[str, dict]
    hers: dict[str, dict] = field(default_factory=dict)

    @property
    def stage(self) -> dict:
        return self.enrolment.version.stage_documents[self.enrolment.stage]

    @property
    def number(self) -> int:
        """Her step as the library counts."""
        return numbers_of(self.enrolment.version.document)[self.enrolment.stage]


@transaction.atomic
def adjust(
    *,
    enrolment: Enrolment,
    by: User,
    now: datetime.datetime,
    wanted: Wanted,
    reason_code: str,
    reason: str,
    review_on: datetime.date | None = None,
    origin: str = "",
) -> Adjustment:
    """Change one exercise from today on; the newest change of an exercise counts."""
    enrolment, today = opened_by(enrolment=enrolment, by=by, now=now, reason=reason)
    check_code(reason_code)
    check_review(review_on, today)
    case = _case(enrolment, by)
    if not _asks_for_less(wanted, case):
        refuse_while_held()
    _check(wanted, case)
    act = {
        "enrolment": enrolment,
        "date": today,
        "reason_code": reason_code,
        "reason": reason.strip(),
        "review_on": review_on,
        "made_at": now,
        "made_by": by,
    }
    _take_back_what_came_with_it(wanted, case, act)
    made = Adjustment.objects.create(
        exercise=wanted.exercise, kind=wanted.kind, level=wanted.level, instead=wanted.instead, **act
    )
    _turn_on_what_it_needs(wanted, case, act)
    _tell(enrolment, by, wanted.kind, now, origin)
    return made


def _asks_for_less(wanted: Wanted, case: _Case) -> bool:
    """Left out, or the smallest dose of what she does anyway; a dose also ends that one was left out."""
    if wanted.kind == AdjustmentKind.LEAVE_OUT:
        return True
    does_it = case.given.kind_of(wanted.exercise) in ("", AdjustmentKind.DOSE)
    return does_it and wanted.kind == AdjustmentKind.DOSE and wanted.level == min(LEVELS)


def _tell(enrolment: Enrolment, by: User, kind: str, now: datetime.datetime, origin: str) -> None:
    """Her record says who acted, and a mail that there is something to read."""
    record_access(
        runner_ids=[enrolment.runner_id],
        actor=by,
        act=Act.OVERRIDE,
        detail=AdjustmentKind(kind).label,
        now=now,
        origin=origin,
    )
    owe_written(enrolment=enrolment, now=now)


def _case(enrolment: Enrolment, by: User) -> _Case:
    every = {row.key: row.document for row in shelf().of(EXERCISE)}
    hers = {row.key: row.document for row in items_for(by)}
    return _Case(enrolment, adjustments_of(enrolment), every, hers)


def _check(wanted: Wanted, case: _Case) -> None:
    checks = {
        AdjustmentKind.DOSE: _check_dose,
        AdjustmentKind.SWAP: _check_swap,
        AdjustmentKind.ENABLE: _check_enable,
        AdjustmentKind.LEAVE_OUT: _check_leave_out,
        AdjustmentKind.RESTORE: _check_restore,
    }
    if wanted.kind not in checks:
        raise Refused(_("Choose what is to change."), "kind")
    checks[wanted.kind](wanted, case)
    one = case.given.by_key.get(wanted.exercise)
    if one and (one.kind, one.level, one.instead) == (wanted.kind, wanted.level, wanted.instead):
        raise Refused(_("It is like this already; nothing was changed."))


def _check_listed(wanted: Wanted, case: _Case) -> None:
    stages = case.enrolment.version.document["stages"]
    if not any(listed_in(stage, wanted.exercise) for stage in stages):
        raise Refused(_("The programme does not ask for this exercise."), "kind")
    if wanted.exercise in case.library and is_run(case.library[wanted.exercise]):
        raise Refused(_("How much is run, the stage says; set another stage instead."), "kind")


def _check_level(level: str, document: dict) -> None:
    if level not in document["doses"]:
        raise Refused(_("This exercise has no such level. Choose another one."), "level")


def _check_dose(wanted: Wanted, case: _Case) -> None:
    _check_listed(wanted, case)
    _check_level(wanted.level, _document(wanted.exercise, case.library))


def _check_leave_out(wanted: Wanted, case: _Case) -> None:
    _check_listed(wanted, case)
    one = Adjusted(wanted.exercise, AdjustmentKind.LEAVE_OUT)
    numbers = numbers_of(case.enrolment.version.document)
    given = Adjustments({**case.given.by_key, wanted.exercise: one}, numbers)
    setting = Setting(given, case.library, case.enrolment.pattern)
    left = adjusted_sessions(case.stage, case.stage["sessions"], setting)
    if any(asked["key"] == wanted.exercise for part in left for asked in part.get("exercises", ())):
        raise Refused(
            _("It is all that this session has, and the session counts for moving on. Swap it instead."),
            "kind",
        )


def _check_swap(wanted: Wanted, case: _Case) -> None:
    _check_listed(wanted, case)
    document = _document(wanted.instead, case.hers, "instead")
    if wanted.instead == wanted.exercise or is_run(document):
        raise Refused(_("Choose another exercise, and no run."), "instead")
    parts = [part for part in case.stage["sessions"] if _lists(part, wanted.exercise)]
    if any(_lists(part, wanted.instead) for part in parts):
        raise Refused(_("This session has that exercise already."), "instead")
    if case.given.kind_of(wanted.instead) == AdjustmentKind.LEAVE_OUT:
        raise Refused(_("That exercise is left out for this runner."), "instead")
    if case.number < document["from_stage"]:
        raise Refused(_too_early(document, case), "instead")
    _check_level(wanted.level, document)
    _check_warning(wanted, *verdict(document, case.enrolment.pattern))


def _too_early(document: dict, case: _Case) -> str:
    begins = first_from(case.enrolment.version.document, document["from_stage"])
    if begins is None:
        return _("That exercise is for a later stage than this programme has.")
    return _("That exercise is for the stage “{stage}” and later.").format(stage=said(begins["title"]))


def _check_enable(wanted: Wanted, case: _Case) -> None:
    document = _document(wanted.exercise, case.hers)
    if is_run(document):
        raise Refused(_("No run is turned on here; the stage says how much is run."), "kind")
    if case.given.stands_in(wanted.exercise):
        raise Refused(_("It stands in the place of another exercise already."), "kind")
    in_force = case.given.kind_of(wanted.exercise)
    is_off = verdict(document, case.enrolment.pattern)[0] == "no" or not listed_in(
        case.stage, wanted.exercise, case.enrolment.pattern
    )
    if not is_off and in_force != AdjustmentKind.ENABLE:
        raise Refused(_("This stage asks for it already."), "kind")
    _check_level(wanted.level, document)
    _check_warning(wanted, *direction_advice(document, case.enrolment.pattern))


def _check_warning(wanted: Wanted, advice: str, note: str) -> None:
    if advice == "no" and not wanted.accepts_warning:
        raise Refused(
            _("By default this runner is not given it. Tick that you turn it on yourself. {note}").format(
                note=note
            ),
            "accepts_warning",
        )


def _check_restore(wanted: Wanted, case: _Case) -> None:
    if wanted.exercise not in case.given.by_key:
        raise Refused(_("Nothing is changed of this exercise."), "kind")


def _document(key: str, library: dict[str, dict], spot: str | None = None) -> dict:
    if key not in library:
        raise Refused(_("Choose an exercise of the library."), spot)
    return library[key]


def _lists(part: dict, key: str) -> bool:
    return any(asked["key"] == key for asked in part.get("exercises", ()))


def _turn_on_what_it_needs(wanted: Wanted, case: _Case, act: dict) -> None:
    """An exercise that is off for this runner is turned on with the swap that brings it."""
    if wanted.kind != AdjustmentKind.SWAP or case.given.is_enabled(wanted.instead):
        return
    if verdict(case.hers[wanted.instead], case.enrolment.pattern)[0] == "no":
        Adjustment.objects.create(
            exercise=wanted.instead, kind=AdjustmentKind.ENABLE, level=wanted.level, **act
        )


def _take_back_what_came_with_it(wanted: Wanted, case: _Case, act: dict) -> None:
    """And off again with it: what she turned on for a swap does not outlive the swap."""
    swap = case.enrolment.adjustments.filter(exercise=wanted.exercise).order_by("-pk").first()
    if swap is None or swap.kind != AdjustmentKind.SWAP or swap.instead == wanted.instead:
        return
    other = case.enrolment.adjustments.filter(exercise=swap.instead).order_by("-pk").first()
    if other and other.kind == AdjustmentKind.ENABLE and other.made_at == swap.made_at:
        Adjustment.objects.create(exercise=swap.instead, kind=AdjustmentKind.RESTORE, **act)
