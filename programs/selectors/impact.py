"""What a draft would have meant for the runners of its programme, in numbers and in a list."""

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.builder.impact import LESS_CAREFUL, WINDOW_DAYS, Effect, Parting, numbers_of, parting
from programs.caseload_words import rule_words
from programs.engine.document import programme_from_document
from programs.engine.programme import Programme
from programs.models import Enrolment, ProgrammeVersion
from programs.presentation import Tag
from programs.said import said
from programs.selectors.impact_rows import stretches_of
from programs.selectors.origin import Basis

#: What the draft does otherwise, from the most careful on.
EFFECTS: dict[Effect, Tag] = {
    Effect.PAUSED: Tag(_("would be paused where they are not now"), "pause", "pause"),
    Effect.STEP_BACK: Tag(_("would step back where they do not now"), "step-back", "step-back"),
    Effect.LATER: Tag(_("would move on later"), "hold", "hold"),
    Effect.NO_STAGE: Tag(_("are on a stage that the draft does not have"), "info", "info"),
    Effect.OTHER: Tag(_("would have the same decision with another stage or other advice"), "info", "info"),
    Effect.EARLIER: Tag(_("would move on earlier"), "advance", "advance"),
    Effect.NO_STEP_BACK: Tag(_("would not step back where they do now"), "advance", "warning"),
    Effect.NOT_PAUSED: Tag(_("would not be paused where they are now"), "advance", "warning"),
    Effect.REASON: Tag(_("would have the same decisions, with another reason"), "neutral", "info"),
    Effect.NONE: Tag(_("would have the same decisions"), "neutral", "check"),
}
#: Effects that say nothing has changed for the runner.
_THE_SAME = (Effect.REASON, Effect.NONE)


@dataclass(frozen=True, slots=True)
class Number:
    """How many runners of one effect."""

    tag: Tag
    runners: int
    is_less_careful: bool


@dataclass(frozen=True, slots=True)
class RulePair:
    """How many parted where one rule decided and in the draft another."""

    now: str
    draft: str
    runners: int


@dataclass(frozen=True, slots=True)
class Parted:
    """A runner of the viewer's own caseload, with the first day that differs, if a day does.

    ``is_the_same``: only the reason is another one.
    """

    public_id: uuid.UUID
    runner_id: int
    name: str
    tag: Tag
    is_less_careful: bool
    is_the_same: bool
    date: datetime.date | None
    stage: str
    reason_now: str
    reason_draft: str


@dataclass(frozen=True, slots=True)
class Impact:
    """``compared`` of ``followers`` runners; ``others`` differ and are not on the viewer's caseload.

    Whoever has the same decisions with another reason is among those named and
    the others, and not among the ``different``.
    """

    since: datetime.date
    until: datetime.date
    followers: int
    compared: int
    different: int
    numbers: tuple[Number, ...]
    pairs: tuple[RulePair, ...]
    named: tuple[Parted, ...]
    others: int

    @property
    def left_out(self) -> int:
        return self.followers - self.compared

    @property
    def runner_ids(self) -> list[int]:
        return [one.runner_id for one in self.named]


def impact_of(*, draft: ProgrammeVersion, basis: Basis, viewer: User, now: datetime.datetime) -> Impact:
    """Walk the draft over the last 28 days of all who follow its programme (at most twelve queries).

    The draft must be without faults. Names are those of the viewer's own caseload only.
    """
    programme = programme_from_document(draft.document, version=draft.number)
    until = now.date()
    since = until - datetime.timedelta(days=WINDOW_DAYS)
    stretches = stretches_of(basis.followers, since, until)
    found = {pk: parting(stretch, programme) for pk, stretch in stretches.items() if stretch is not None}
    listed = {pk: one for pk, one in found.items() if one.effect is not Effect.NONE}
    parted = [one for one in listed.values() if one.effect not in _THE_SAME]
    programmes = {pk: stretches[pk].programme for pk in listed}
    named = _named(basis, viewer, now, listed, programmes)
    return Impact(
        since=since,
        until=until - datetime.timedelta(days=1),
        followers=len(stretches),
        compared=len(found),
        different=len(parted),
        numbers=_numbers(list(found.values())),
        pairs=_pairs(parted),
        named=named,
        others=len(listed) - len(named),
    )


def _numbers(found: list[Parting]) -> tuple[Number, ...]:
    return tuple(
        Number(EFFECTS[effect], runners, effect in LESS_CAREFUL)
        for effect, runners in numbers_of(found).items()
    )


def _pairs(parted: list[Parting]) -> tuple[RulePair, ...]:
    counted = Counter((one.rule_now, one.rule_draft) for one in parted if one.rule_now)
    return tuple(
        RulePair(rule_words(now), rule_words(draft), runners)
        for (now, draft), runners in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _named(
    basis: Basis,
    viewer: User,
    now: datetime.datetime,
    listed: dict[int, Parting],
    programmes: dict[int, Programme],
) -> tuple[Parted, ...]:
    """Those whose consent she has: the less careful first, the same decisions last, then by day."""
    hers = Enrolment.objects.active().on_caseload_of(viewer, now).filter(version__template=basis.template)
    rows = [row for row in hers.select_related("runner").order_by("pk") if row.pk in listed]
    return tuple(sorted((_parted(row, listed[row.pk], programmes[row.pk]) for row in rows), key=_order))


def _order(one: Parted) -> tuple:
    return not one.is_less_careful, one.is_the_same, one.date or datetime.date.min, one.name


def _parted(enrolment: Enrolment, one: Parting, programme: Programme) -> Parted:
    stage = programme.positions.get(one.stage)
    return Parted(
        public_id=enrolment.public_id,
        runner_id=enrolment.runner_id,
        name=str(enrolment.runner),
        tag=EFFECTS[one.effect],
        is_less_careful=one.is_less_careful,
        is_the_same=one.effect in _THE_SAME,
        date=datetime.date.fromordinal(one.day) if one.day else None,
        stage=said(programme.stages[stage].title) if stage is not None else one.stage,
        reason_now=said(one.reason_now),
        reason_draft=said(one.reason_draft),
    )
