"""What a day asks for on the page: the sessions that it allows, and when to stop."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext, gettext_lazy

from programs.engine.conditions import severe_two_days, step_back_triggered
from programs.engine.plan import Plan, PlanKind
from programs.engine.values import SessionKind
from programs.presentation import PLANS, Tag
from programs.said import said
from programs.selectors.intervals import run_walk_of
from programs.selectors.library import exercise_documents
from programs.selectors.prescription import Session
from programs.selectors.reading import Reading
from programs.selectors.run_limit import RunLimitPanel, run_limit_panel
from programs.selectors.stage_sessions import sessions_of_stage

#: In place of the plan, after a note of strong pain and before the check-in.
CHECK_IN_FIRST = Tag(gettext_lazy("Check in first"), "hold", "check-in")


@dataclass(frozen=True, slots=True)
class PlanPanel:
    """What today asks for; without sessions where nothing may be done."""

    tag: Tag
    why: str
    title: str
    main: tuple[Session, ...] = ()
    more: tuple[Session, ...] = ()
    stop_if: tuple[str, ...] = ()
    #: How long a run may be today; None on a step that leaves it to its session.
    limit: RunLimitPanel | None = None
    #: Nothing is asked for before a check-in says more than a note of strong pain did.
    waits: bool = False

    @property
    def main_count(self) -> int:
        return len(self.main)


def plan_panel(reading: Reading) -> PlanPanel:
    """Today's plan; sessions are numbered as they stand in it, first those that count."""
    plan = reading.plan()
    stage = reading.snapshot.programme.stages[plan.stage]
    if reading.waits_for_check_in and plan.kind is not PlanKind.PAUSED:
        return PlanPanel(tag=CHECK_IN_FIRST, why=_first(), title=said(stage.title), waits=True)
    sessions = () if reading.is_closed else _allowed(reading, plan)
    document = reading.enrolment.version.stage_documents[stage.key]
    limit = run_limit_panel(reading) if plan.has_session else None
    main = _in_turn(reading, [session for session in sessions if session.counts])
    main = tuple(limited for session in main if (limited := _within(session, limit)))
    main = main or tuple(session for session in sessions if plan.kind is PlanKind.REST_STAGE)
    return PlanPanel(
        tag=PLANS[plan.kind],
        why=said(plan.why),
        title=said(stage.title),
        main=main,
        more=tuple(s for s in sessions if not s.counts and plan.kind is not PlanKind.REST_STAGE),
        stop_if=tuple(map(said, document["stop_if"])) if main else (),
        limit=limit,
    )


def _first() -> str:
    return gettext(
        "You noted strong pain today. No session now: check in first. Then you see what today asks for."
    )


def _allowed(reading: Reading, plan: Plan) -> tuple[Session, ...]:
    """The parts of the stage that this day allows: never a run on an easy or a rest day."""
    if plan.kind is PlanKind.PAUSED:
        return ()
    stage = reading.snapshot.programme.stages[plan.stage]
    sessions = sessions_of_stage(reading.enrolment, stage.key, _exercises(reading))
    if plan.kind is PlanKind.REST_DAY:
        # A rest day because of pain has no exercises; an ordinary one keeps the sets beside.
        beside = tuple(s for s in sessions if not s.counts and s.outing is None)
        return () if rests_because_of_pain(reading) else beside
    if plan.kind is PlanKind.EASY and stage.is_running:
        return ()
    return sessions


def _exercises(reading: Reading) -> dict[str, dict]:
    return exercise_documents(reading.library_edition)


def _within(session: Session, limit: RunLimitPanel | None) -> Session | None:
    """The session with no run in it longer than today's limit; None where there is no minute left."""
    if limit is None or session.outing is None:
        return session
    if limit.minutes == 0:
        return None
    limited = replace(session, most_run_seconds=60 * limit.minutes)
    if limit.minutes >= limit.own_run:
        return limited
    run = {"run_seconds": 60 * limit.minutes, "walk_seconds": 0, "repeats": 1}
    outing = session.outing | {"intervals": [run]}
    return replace(limited, outing=outing, run_walk=run_walk_of(outing))


def rests_because_of_pain(reading: Reading) -> bool:
    facts = reading.facts()
    stopped = facts.yesterday.session is SessionKind.STOPPED_PAIN
    hurts = facts.today.below_knee or facts.leg_pain_before or facts.flare_today or stopped
    return hurts or step_back_triggered(facts) or severe_two_days(facts)


def _in_turn(reading: Reading, sessions: list[Session]) -> tuple[Session, ...]:
    """Where a stage has several different runs, they are taken in turn: today's one."""
    if not sessions:
        return ()
    facts = reading.facts()
    done = sum(1 for _ in facts.earlier_sessions(reading.today.toordinal()))
    return (sessions[done % len(sessions)],)
