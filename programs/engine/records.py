"""Snapshots as plain JSON and back: what is stored with a decision (INV-14).

Dates are ISO strings; a value that was not recorded is left out, so that a
stored zero is always a recorded zero.
"""

import hashlib
import json
from datetime import date

from programs.engine.entry import Entry
from programs.engine.programme import Programme
from programs.engine.snapshot import Act, Contacts, Hold, Snapshot, State
from programs.engine.values import Leg, Refer, SessionKind, Warmup

_PLAIN = ("morning", "rest", "during", "after", "limp", "missing", "planned", "stage_shown")
_DEFAULTS = Entry(session=None)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _ordinal(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def entry_to_json(entry: Entry) -> dict:
    stored = {name: value for name in _PLAIN if (value := getattr(entry, name)) != getattr(_DEFAULTS, name)}
    if entry.session is not None:
        stored["session"] = entry.session.value
    if entry.warmup is not Warmup.NONE:
        stored["warmup"] = entry.warmup.value
    if entry.leg is not Leg.NONE:
        stored["leg"] = entry.leg.value
    if entry.red_flags:
        stored["red_flags"] = list(entry.red_flags)
    return stored


def entry_from_json(stored: dict) -> Entry:
    """Raises InvalidEntry or ValueError where the stored values are not accepted."""
    values = dict(stored)
    session = values.pop("session", None)
    return Entry(
        session=None if session is None else SessionKind(session),
        warmup=Warmup(values.pop("warmup", "none")),
        leg=Leg(values.pop("leg", "none")),
        red_flags=tuple(values.pop("red_flags", ())),
        **values,
    )


def state_to_json(state: State) -> dict:
    hold = state.hold and {
        "until": _iso(state.hold.until),
        "name": state.hold.name,
        "reason": state.hold.reason,
    }
    return {
        "stage": state.stage,
        "entered": _iso(state.entered),
        "started": _iso(state.started),
        "baseline": state.baseline,
        "intake": state.intake,
        "refer": state.refer.value,
        "step_backs": [_iso(day) for day in state.step_backs],
        "cooldown_until": None if state.cooldown_until is None else _iso(state.cooldown_until),
        "hold": hold,
    }


def state_from_json(stored: dict) -> State:
    cooldown, hold = stored["cooldown_until"], stored["hold"]
    return State(
        stage=stored["stage"],
        entered=_ordinal(stored["entered"]),
        started=_ordinal(stored["started"]),
        baseline=stored["baseline"],
        intake=stored["intake"],
        refer=Refer(stored["refer"]),
        step_backs=tuple(_ordinal(day) for day in stored["step_backs"]),
        cooldown_until=None if cooldown is None else _ordinal(cooldown),
        hold=None if hold is None else Hold(_ordinal(hold["until"]), hold["name"], hold["reason"]),
    )


def _act_to_json(act: Act | None) -> dict | None:
    return None if act is None else {"name": act.name, "reason": act.reason}


def snapshot_to_json(snapshot: Snapshot) -> dict:
    """All inputs but the programme document, which is pinned by key and version."""
    return {
        "programme": {"key": snapshot.programme.key, "version": snapshot.programme.version},
        "day": _iso(snapshot.day),
        "first_day": _iso(snapshot.first_day),
        "state": state_to_json(snapshot.state),
        "entries": {
            _iso(day): entry_to_json(entry)
            for day, entry in sorted(snapshot.entries.items())
            if day <= snapshot.day
        },
        "stage_set": _act_to_json(snapshot.stage_set),
        "cleared": _act_to_json(snapshot.cleared),
        # Only where there is one: decisions of before have no such input.
        **({"signed_off": _act_to_json(snapshot.signed_off)} if snapshot.signed_off else {}),
        "contacts": {
            "emergency_number": snapshot.contacts.emergency_number,
            "urgent_service": snapshot.contacts.urgent_service,
        },
    }


def snapshot_from_json(stored: dict, programme: Programme) -> Snapshot:
    """The inverse of ``snapshot_to_json``, for the ledger check."""
    set_by, cleared, signed_off = stored["stage_set"], stored["cleared"], stored.get("signed_off")
    return Snapshot(
        programme=programme,
        day=_ordinal(stored["day"]),
        first_day=_ordinal(stored["first_day"]),
        state=state_from_json(stored["state"]),
        entries={_ordinal(day): entry_from_json(entry) for day, entry in stored["entries"].items()},
        stage_set=None if set_by is None else Act(**set_by),
        cleared=None if cleared is None else Act(**cleared),
        signed_off=None if signed_off is None else Act(**signed_off),
        contacts=Contacts(**stored["contacts"]),
    )


def digest(stored: dict) -> str:
    """SHA-256 of the canonical JSON of stored inputs, as 64 hex digits."""
    canonical = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
