"""What the intake asks and offers, and what became of the last one."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.engine.redflags import level_of
from programs.engine.values import Refer, StageKind, worse_refer
from programs.library.loader import DIRECTION, INTAKE_QUESTION, RED_FLAG
from programs.models import Intake, IntakeOutcome, ProgrammeVersion
from programs.presentation import Advice, advice_for
from programs.said import said, said_document
from programs.selectors.library import Question, introductions, questions
from programs.snapshots import contacts

#: Step -> title, in their order.
STEPS: dict[str, str] = {
    "about": _("Before you start"),
    "suitable": _("Is this for you?"),
    "warning-signs": _("Warning signs"),
    "pain": _("Your pain"),
    "programme": _("Your programme"),
    "start": _("Your first day"),
}
FRESH, LONG = "fresh", "long"
#: What is suggested first, by how long the pain has lasted. A suggestion only.
SUGGESTED = {FRESH: "lbp-acute-default", LONG: "lbp-chronic"}


@dataclass(frozen=True, slots=True)
class Questions:
    """All questions of the intake with what is said before them."""

    exclusions: tuple[Question, ...]
    red_flags: tuple[Question, ...]
    directions: tuple[Question, ...]
    introductions: dict[str, dict]

    @property
    def numbers(self) -> dict[str, int]:
        """Question code -> number of the wording that was shown, for the record."""
        return {q.code: q.number for q in (*self.exclusions, *self.red_flags, *self.directions)}


@dataclass(frozen=True, slots=True)
class StartStage:
    key: str
    title: str
    summary: str
    is_rest: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """One published programme as a new runner may choose it."""

    version_id: int
    key: str
    title: str
    summary: str
    audience: str
    condition: str
    entry: tuple[str, ...]
    starts: tuple[StartStage, ...]


@dataclass(frozen=True, slots=True)
class IntakePage:
    """One step. ``offer`` is the programme chosen so far, ``suggested`` the number of the one that fits."""

    step: str
    title: str
    number: int
    count: int
    back: str
    next: str
    asked: Questions
    offers: tuple[Offer, ...]
    offer: Offer | None
    suggested: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """The last intake that ended without a programme: why, and what to do."""

    advice: Advice | None
    flags: tuple[str, ...]
    exclusions: tuple[Question, ...]
    if_yes: str


def intake_page(*, step: str, answers: dict, runner: User, now: datetime.datetime) -> IntakePage:
    """A step with what it asks and offers, given the answers so far (three queries)."""
    names, offered = list(STEPS), offers(runner=runner, now=now)
    at = names.index(step)
    return IntakePage(
        step=step,
        title=STEPS[step],
        number=at + 1,
        count=len(names),
        back=names[at - 1] if at else "",
        next=names[at + 1] if at + 1 < len(names) else "",
        asked=intake_questions(),
        offers=offered,
        offer=chosen_offer(offered, answers),
        suggested=_suggested(offered, answers),
    )


def chosen_offer(offered: tuple[Offer, ...], answers: dict) -> Offer | None:
    """The offer that the answers name, if it is still there."""
    return next((offer for offer in offered if str(offer.version_id) == str(answers.get("programme"))), None)


def intake_questions() -> Questions:
    """All questions (two queries)."""
    found = questions(INTAKE_QUESTION, RED_FLAG, DIRECTION)
    return Questions(found[INTAKE_QUESTION], found[RED_FLAG], found[DIRECTION], introductions())


def offers(*, runner: User, now: datetime.datetime) -> tuple[Offer, ...]:
    """What this runner may begin: shipped programmes, and those of a clinic that she let in (one query)."""
    versions = ProgrammeVersion.objects.offered_to(runner, now).select_related("template").newest_first()
    return tuple(sorted((_offer(version) for version in versions), key=lambda offer: _rank(offer.key)))


def last_result(*, runner: User) -> Result | None:
    """Why the last intake gave no programme; None where it did, or there was none."""
    intake = Intake.objects.filter(runner=runner).order_by("-answered_at", "-pk").first()
    if intake is None or intake.outcome != IntakeOutcome.REFERRED:
        return None
    asked = intake_questions()
    refer = Refer.NONE
    flags = [question for question in asked.red_flags if question.code in intake.reasons]
    for flag in flags:
        refer = worse_refer(refer, level_of(flag.code))
    return Result(
        advice=advice_for(refer, contacts(runner), has_programme=False) if flags else None,
        flags=tuple(flag.label for flag in flags),
        exclusions=tuple(question for question in asked.exclusions if question.code in intake.reasons),
        if_yes=asked.introductions["intake"]["if_yes"],
    )


def _suggested(offered: tuple[Offer, ...], answers: dict) -> int | None:
    key = SUGGESTED.get(answers.get("duration"))
    return next((offer.version_id for offer in offered if offer.key == key), None)


def _rank(key: str) -> tuple[int, str]:
    """The two that are suggested come first."""
    suggested = list(SUGGESTED.values())
    return (suggested.index(key) if key in suggested else len(suggested), key)


def _offer(version: ProgrammeVersion) -> Offer:
    document = said_document(version.document)
    return Offer(
        version_id=version.pk,
        key=version.template.key,
        title=document["title"],
        summary=document["summary"],
        audience=document["audience"],
        condition=document["condition"],
        entry=tuple(document.get("entry", ())),
        starts=tuple(_starts(version)),
    )


def _starts(version: ProgrammeVersion) -> list[StartStage]:
    return [
        StartStage(
            stage["key"], said(stage["title"]), said(stage["summary"]), stage["kind"] == StageKind.REST
        )
        for stage in map(version.stage_documents.get, version.start_stages)
    ]
