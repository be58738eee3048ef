"""A decision of the ledger with everything that it rests on, for the physiotherapist."""

import datetime
import zoneinfo
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from programs.engine.entry import Entry
from programs.engine.records import entry_from_json
from programs.engine.redflags import label_of
from programs.engine.values import Leg, Refer, Warmup
from programs.models import Decision, ProgrammeVersion
from programs.presentation import ACTS, DECISIONS, LEGS, NOT_RECORDED, REFERS, SESSIONS, WARMUPS, Tag
from programs.said import said

NONE = _("none")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One day as it was read; cells are words."""

    date: datetime.date
    morning: str
    rest: str
    session: str
    during: str
    after: str
    more: str
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a decision was made of, and the hash over it."""

    facts: tuple[Fact, ...]
    entries: tuple[EntryRow, ...]
    inputs_hash: str


def inputs_of(decision: Decision, version: ProgrammeVersion) -> Inputs:
    inputs = decision.inputs
    return Inputs(
        facts=tuple(_facts(inputs, version)),
        entries=tuple(
            entry_row(datetime.date.fromisoformat(date), entry_from_json(entry))
            for date, entry in sorted(inputs["entries"].items(), reverse=True)
        ),
        inputs_hash=decision.inputs_hash,
    )


def shadow_of(decision: Decision) -> tuple[Tag | None, str]:
    """What the engine would have said without a person's act, and by which rule.

    Older rows hold the act itself there, which says nothing and is left out.
    """
    shadow = decision.inputs.get("shadow")
    if not shadow or shadow["rule"] in ACTS:
        return None, ""
    return DECISIONS[shadow["decision"]], shadow["rule"]


def wall_time(instant: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """What the runner's clock showed. Naive, or a template would turn it back into the site's zone."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _facts(inputs: dict, version: ProgrammeVersion):
    state = inputs["state"]
    stages = list(version.stage_documents.values())
    yield Fact(
        _("Programme"),
        _("{key}, version {version}").format(
            key=inputs["programme"]["key"], version=inputs["programme"]["version"]
        ),
    )
    yield Fact(_("Day decided"), _date(inputs["day"]))
    yield Fact(
        _("Stage"),
        _("{title}, since {date}").format(
            title=said(stages[state["stage"]]["title"]), date=_date(state["entered"])
        ),
    )
    yield Fact(_("Programme day 1"), _date(state["started"]))
    yield Fact(_("Usual pain on waking, frozen"), _score(state["baseline"]))
    yield Fact(_("Pain at intake"), _score(state["intake"]))
    yield Fact(_("Open pause"), REFERS[state["refer"]].label if state["refer"] != Refer.NONE else NONE)
    yield Fact(_("Steps back so far"), ", ".join(map(_date, state["step_backs"])) or NONE)
    yield Fact(_("Easy days until"), _date(state["cooldown_until"]) if state["cooldown_until"] else NONE)
    hold = state["hold"]
    yield Fact(
        _("Hold"),
        _("by {name} until {date}").format(name=hold["name"], date=_date(hold["until"])) if hold else NONE,
    )
    for key, name in (("stage_set", _("Stage set that day")), ("cleared", _("Pause cleared that day"))):
        if inputs[key]:
            yield Fact(
                name, _("by {name}: {reason}").format(name=inputs[key]["name"], reason=inputs[key]["reason"])
            )


def entry_row(date: datetime.date, entry: Entry) -> EntryRow:
    """An entry in words. Scores of a session stand only where there was one."""
    no_session = "–"
    return EntryRow(
        date=date,
        morning=_score(entry.morning),
        rest=_score(entry.rest),
        session=_session(entry),
        during=_score(entry.during) if entry.has_session else no_session,
        after=_score(entry.after) if entry.has_session else no_session,
        more="; ".join(_more(entry)),
        is_missing=entry.missing,
    )


def _session(entry: Entry) -> str:
    if entry.missing:
        return _("no entry; one was planned") if entry.planned else _("no entry")
    return SESSIONS[entry.session]


def _more(entry: Entry):
    for flag in entry.red_flags:
        yield _("red flag: {flag}").format(flag=said(label_of(flag)))
    if entry.leg is not Leg.NONE:
        yield _("leg pain: {leg}").format(leg=LEGS[entry.leg])
    if entry.warmup is not Warmup.NONE:
        yield _("warm-up: {soreness}").format(soreness=WARMUPS[entry.warmup])
    if entry.limp:
        yield _("pain changed the way of moving")


def _score(score: int | None) -> str:
    return NOT_RECORDED if score is None else str(score)


def _date(iso: str) -> str:
    return date_format(datetime.date.fromisoformat(iso), "j M Y")
