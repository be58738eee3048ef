"""A stage's sessions as a physiotherapist changed them for one runner: documents in, documents out.

Only lists of exercises change. The stage stays the upper limit of every dose
that it gives, and nothing becomes a run.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.adjusting.directions import is_asked_of, is_run, verdict
from programs.adjusting.in_force import Adjusted, Adjustments
from programs.models import AdjustmentKind

#: The set to which an exercise is added that no set of the stage has.
USUAL_SET = "core"


@dataclass(frozen=True, slots=True)
class Setting:
    """For whom, and out of which library."""

    given: Adjustments
    library: dict[str, dict]
    pattern: str

    def may_be_shown(self, wanted: dict) -> bool:
        """Asked of this runner, and fine for her or turned on by a person."""
        document = self.library.get(wanted["key"])
        if document is None or not is_asked_of(wanted, self.pattern):
            return False
        return self.given.is_enabled(wanted["key"]) or verdict(document, self.pattern)[0] != "no"


def adjusted_sessions(stage: dict, sessions: list[dict], setting: Setting) -> list[dict]:
    """``sessions`` are those of the stage; what nobody changed is the same object."""
    if not setting.given.by_key:
        return sessions
    number = setting.given.numbers.get(stage["key"], 0)
    changed = [_session(session, number, setting) for session in sessions]
    for added in _to_be_added(stage, changed, setting):
        changed = _with(changed, added)
    return changed


def capped(level: str, most: str, document: dict) -> str:
    """The level that was asked for, or the highest below it that is allowed and that the exercise has."""
    return max((name for name in document["doses"] if name <= min(level, most)), default="A")


def most_of(wanted: dict) -> str:
    """The highest level that the stage gives of an exercise."""
    return wanted.get("up_to", wanted["level"])


def _session(session: dict, number: int, setting: Setting) -> dict:
    asked = session.get("exercises", ())
    kept, gone, there = [], [], {wanted["key"] for wanted in asked}
    for wanted in asked:
        one = setting.given.by_key.get(wanted["key"])
        found = _changed(wanted, one, setting) if one else wanted
        if found is not None and found["key"] != wanted["key"]:
            found = None if found["key"] in there or not _is_time_for(found, number, setting) else found
        if found is None:
            gone.append((wanted["key"], one))
        elif found["key"] not in [other["key"] for other in kept]:
            kept.append(found)
    if _would_be_empty(session, kept, setting):
        return session
    return {**session, "exercises": kept, "gone": gone} if asked else session


def _would_be_empty(session: dict, kept: list[dict], setting: Setting) -> bool:
    """What counts for moving on is never taken away whole."""
    if not session["counts"] or "run_walk" in session:
        return False
    return not any(setting.may_be_shown(wanted) for wanted in kept)


def _is_time_for(wanted: dict, number: int, setting: Setting) -> bool:
    """What is swapped in keeps the step from which the library allows it, also after a step back."""
    return number >= setting.library[wanted["key"]]["from_stage"]


def _changed(wanted: dict, one: Adjusted, setting: Setting) -> dict | None:
    """The line of the stage as it is now; None where the exercise is gone."""
    document = setting.library.get(wanted["key"])
    if one.kind == AdjustmentKind.LEAVE_OUT:
        return None
    if one.kind == AdjustmentKind.SWAP:
        return _swapped(wanted, one, setting)
    if document is None or is_run(document):
        return wanted
    level = capped(one.level, most_of(wanted), document)
    found = {"key": wanted["key"], "level": level, "adjusted": one}
    # A dose changes nothing of for whom the exercise is; turning it on does.
    kept = {} if one.kind == AdjustmentKind.ENABLE or "when" not in wanted else {"when": wanted["when"]}
    return found | kept


def _swapped(wanted: dict, one: Adjusted, setting: Setting) -> dict | None:
    document = setting.library.get(one.instead)
    if document is None or is_run(document):
        return wanted
    if setting.given.kind_of(one.instead) == AdjustmentKind.LEAVE_OUT:
        return None
    kept = {"when": wanted["when"]} if "when" in wanted else {}
    level = capped(one.level, most_of(wanted), document)
    return {"key": one.instead, "level": level, "adjusted": one} | kept


def _to_be_added(stage: dict, sessions: list[dict], setting: Setting) -> list[dict]:
    """What was turned on and stands in no set of this stage, from the step on that the library allows."""
    number = setting.given.numbers.get(stage["key"], 0)
    there = {wanted["key"] for session in sessions for wanted in session.get("exercises", ())}
    added = []
    for key, one in sorted(setting.given.by_key.items()):
        document = setting.library.get(key)
        if one.kind != AdjustmentKind.ENABLE or key in there or document is None or is_run(document):
            continue
        if number >= document["from_stage"] and not setting.given.stands_in(key):
            level = capped(one.level, one.level, document)
            added.append({"key": key, "level": level, "adjusted": one})
    return added


def _with(sessions: list[dict], added: dict) -> list[dict]:
    """Into a set beside what counts; a stage that has none is given one."""
    beside = [session for session in sessions if not session["counts"] and session.get("exercises")]
    usual = next((session for session in beside if session["key"] == USUAL_SET), None)
    found = usual or (beside[0] if beside else None)
    if found is None:
        return [*sessions, _own_set(added)]
    grown = {**found, "exercises": [*found["exercises"], added]}
    return [grown if session is found else session for session in sessions]


def _own_set(added: dict) -> dict:
    title = _("Added by your physiotherapist")
    return {"key": "added", "title": title, "counts": False, "exercises": [added]}


def listed_in(stage: dict, key: str, pattern: str | None = None) -> bool:
    """Does the stage's own document ask for the exercise; with a pattern: of this runner?"""
    asked = [
        wanted for part in stage["sessions"] for wanted in part.get("exercises", ()) if wanted["key"] == key
    ]
    return any(pattern is None or is_asked_of(wanted, pattern) for wanted in asked)
