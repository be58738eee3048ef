"""A runner as her physiotherapist sees her: need and acts, picture, notes, messages, plan, ledger."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q, Subquery

from accounts.models import Membership, User
from programs.adjusting.in_force import adjustments_of
from programs.caseload_words import OUTCOMES
from programs.engine.triage import NEVER_PUT_OFF, SILENT_FROM_DAYS, NeedCode, is_put_off
from programs.engine.values import PRESSING
from programs.models import Adjustment, Discharge, Enrolment
from programs.presentation import score_words
from programs.said import said
from programs.selectors.act import Shadow, has_open_flag, shadow_of
from programs.selectors.case_rows import FAULTY
from programs.selectors.caseload import adherence, last_entry_words
from programs.selectors.cases import Case, cases_of
from programs.selectors.clinical_notes import PrivateNote, notes_for
from programs.selectors.conversation import LastMessages, last_messages
from programs.selectors.criteria import CriterionRow, criterion_rows
from programs.selectors.editions_lived import editions_lived
from programs.selectors.evidence import sources_by_key
from programs.selectors.held import HeldDay, held_days
from programs.selectors.inputs import Fact
from programs.selectors.lagging import Lag, lag_of
from programs.selectors.measures import MeasuresPage, measures_page
from programs.selectors.needs import NeedWords, words_of
from programs.selectors.progress import Asked, ProgressPage, progress_page
from programs.selectors.reading import Reading, read
from programs.selectors.red_flag_case import RedFlagCard, red_flag_of
from programs.selectors.runner_acts import ActRow, act_rows
from programs.selectors.runner_diary import DiaryRow, diary_rows
from programs.selectors.runner_intake import intake_facts
from programs.selectors.runner_plan import RunnerPlan, runner_plan
from programs.selectors.sign_off import Confirmed, confirmed_of
from programs.selectors.undelivered import Undelivered, undelivered_of, with_undelivered
from programs.snapshots import CLEARS

NOTES_SHOWN = 5
EVERY_DAY = Asked(every_day=True)


@dataclass(frozen=True, slots=True)
class PutOff:
    """Why this physiotherapist put the runner off, and through which day."""

    until: datetime.date
    note: str


@dataclass(frozen=True, slots=True)
class About:
    """The runner and the programme at a glance."""

    email: str
    time_zone: str
    programme: str
    version: int
    programme_day: int
    stage_day: int
    baseline: str
    done: int
    planned: int
    last_entry: str
    undelivered: Undelivered
    #: Days that are over and not decided.
    lag: Lag | None


@dataclass(frozen=True, slots=True)
class May:
    """Which acts and papers there are just now.

    ``sign_off``: the stage waits for a person before it is left, unless it is ``confirmed``;
    ``letter``: there is a pause to write of.
    """

    clear: bool
    clear_tomorrow: bool
    sign_off: bool
    confirmed: Confirmed | None
    put_off: bool
    letter: bool
    changed: int
    #: Since when a changed exercise is due for review.
    review_exercise: datetime.date | None


@dataclass(frozen=True, slots=True)
class RunnerPage:
    """``shadow`` is what the engine would decide tonight, ``held`` what it would have without the hold."""

    public_id: uuid.UUID
    name: str
    today: datetime.date
    #: The day that is decided next; the criteria are those of it.
    open_date: datetime.date
    #: On an earlier day only the confirmation was missing.
    was_ready: bool
    stage: str
    is_active: bool
    is_paused: bool
    about: About
    may: May
    words: NeedWords
    hold_until: datetime.date | None
    error_since: datetime.date | None
    put_off: PutOff | None
    red_flag: RedFlagCard | None
    shadow: Shadow | None
    held: tuple[HeldDay, ...]
    progress: ProgressPage
    criteria: tuple[CriterionRow, ...]
    notes: tuple[PrivateNote, ...]
    notes_total: int
    conversation: LastMessages
    plan: RunnerPlan | None
    entries: tuple[DiaryRow, ...]
    is_whole: bool
    intake: tuple[Fact, ...]
    acts: tuple[ActRow, ...]
    measures: MeasuresPage
    discharge: Discharge | None

    @property
    def ended_as(self) -> str:
        return str(OUTCOMES[self.discharge.outcome]) if self.discharge else ""


def runner_page(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, asked: Asked = EVERY_DAY, whole: bool = False
) -> RunnerPage:
    """``enrolment`` comes with runner and version; ``asked``: which charts and decisions; ``whole`` diary."""
    reading, mine = _readable(enrolment, now), _mine(enrolment, by)
    case = _case(enrolment, reading, now, mine.silent or SILENT_FROM_DAYS)
    editions = editions_lived(enrolment, case.history.overrides)
    notes = notes_for(enrolment, by, now)
    history = None if whole or reading is None else reading.history
    return RunnerPage(
        public_id=enrolment.public_id,
        name=str(enrolment.runner),
        today=case.today,
        open_date=enrolment.open_date,
        was_ready=_was_ready(case),
        stage=case.stage_title,
        is_active=enrolment.is_active,
        is_paused=enrolment.is_paused,
        about=_about(case, mine, now),
        may=_may(case),
        words=words_of(case, by=by),
        hold_until=_held(enrolment, case.today),
        error_since=enrolment.open_date if enrolment.failures else None,
        put_off=_put_off(case, mine),
        red_flag=red_flag_of(enrolment) if enrolment.refer in PRESSING else None,
        shadow=shadow_of(case) if enrolment.is_active else None,
        held=held_days(enrolment, case.today),
        progress=progress_page(enrolment, today=case.today, asked=asked, with_inputs=True),
        criteria=_criteria(case),
        notes=notes[:NOTES_SHOWN],
        notes_total=len(notes),
        conversation=last_messages(enrolment, by),
        plan=runner_plan(reading),
        entries=diary_rows(enrolment, history, case.today, editions),
        is_whole=history is None,
        intake=intake_facts(getattr(mine, "intake", None), enrolment.runner.zone),
        acts=act_rows(case.history.overrides, editions, case.review),
        measures=measures_page(enrolment, case.today),
        discharge=_discharge(enrolment),
    )


def _about(case: Case, mine: Enrolment, now: datetime.datetime) -> About:
    enrolment = case.enrolment
    done, planned = adherence(case)
    return About(
        email=enrolment.runner.email,
        time_zone=enrolment.runner.time_zone,
        programme=said(enrolment.version.document["title"]),
        version=enrolment.version.number,
        programme_day=(case.today - enrolment.started_on).days + 1,
        stage_day=case.stage_day,
        baseline=score_words(enrolment.baseline_morning),
        done=done,
        planned=planned,
        last_entry=last_entry_words(case),
        undelivered=undelivered_of(enrolment, mine),
        lag=lag_of([enrolment], now),
    )


def _may(case: Case) -> May:
    enrolment, is_open = case.enrolment, has_open_flag(case)
    asks, confirmed = _asks_sign_off(case), confirmed_of(case.history.overrides, enrolment, case.today)
    return May(
        clear=enrolment.is_paused and not is_open,
        clear_tomorrow=enrolment.is_paused and is_open,
        sign_off=asks and confirmed is None,
        confirmed=confirmed if asks else None,
        put_off=enrolment.is_active and case.need.code not in (*NEVER_PUT_OFF, NeedCode.FINE),
        letter=enrolment.is_paused or any(act.kind in CLEARS for act in case.history.overrides),
        changed=len(adjustments_of(enrolment).by_key),
        review_exercise=case.review.review_on if isinstance(case.review, Adjustment) else None,
    )


def _readable(enrolment: Enrolment, now: datetime.datetime) -> Reading | None:
    """As her own pages read it; None where a row is faulty: then the rest is shown without."""
    try:
        return read(enrolment, now)
    except FAULTY:
        return None


def _case(enrolment: Enrolment, reading: Reading | None, now: datetime.datetime, silent_from: int) -> Case:
    # The programme came with the enrolment: no query for what is known.
    enrolment.content_hash, enrolment.edition = enrolment.version.content_hash, enrolment.version.number
    histories = {enrolment.pk: reading.history} if reading else None
    return cases_of([enrolment], now, silent_from=silent_from, histories=histories)[0]


def _mine(enrolment: Enrolment, by: User) -> Enrolment:
    """The same row with its intake, what she put off, her clinic's limit, mails undelivered (one query)."""
    clinics = Membership.objects.current().filter(clinician=by).values("clinic__silent_from_days")
    own = FilteredRelation("snoozes", condition=Q(snoozes__made_by=by, snoozes__ended_at__isnull=True))
    rows = Enrolment.objects.filter(pk=enrolment.pk).annotate(own=own, silent=Subquery(clinics[:1]))
    columns = {"need": F("own__need"), "until": F("own__until"), "note": F("own__note")}
    return with_undelivered(rows.annotate(**columns)).select_related("intake").get()


def _put_off(case: Case, mine: Enrolment) -> PutOff | None:
    if mine.until is None:
        return None
    until = mine.until
    holds = is_put_off(case.need, NeedCode(mine.need), until.toordinal(), case.today.toordinal())
    return PutOff(until, mine.note) if holds else None


def _held(enrolment: Enrolment, today: datetime.date) -> datetime.date | None:
    return enrolment.hold_until if enrolment.hold_until and enrolment.hold_until >= today else None


def _asks_sign_off(case: Case) -> bool:
    """A person is asked before the stage is left, and nothing else bars it for good."""
    enrolment, programme = case.enrolment, case.programme
    if programme is None or enrolment.is_paused or enrolment.stage not in programme.positions:
        return False
    return programme.stages[programme.positions[enrolment.stage]].sign_off


def _was_ready(case: Case) -> bool:
    since = case.facts.ready_since
    return since is not None and since < case.enrolment.open_date.toordinal()


def _discharge(enrolment: Enrolment) -> Discharge | None:
    """How an ended programme ended (one query)."""
    if enrolment.is_active:
        return None
    return Discharge.objects.filter(enrolment=enrolment).select_related("made_by").first()


def _criteria(case: Case) -> tuple[CriterionRow, ...]:
    if case.outlook is None:
        return ()
    enrolment = case.enrolment
    sources = sources_by_key(getattr(enrolment, "library_edition", None))
    return criterion_rows(case.outlook.criteria, enrolment.version, enrolment.stage, sources)
