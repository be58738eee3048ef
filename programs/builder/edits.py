"""Edits of a document as a whole: its stages and their sessions in order. Each returns a new document."""

import copy
import re

from programs.builder.parts import NOTHING, list_at, mapping_of, put, words_of
from programs.engine.document import KIND_ORDER

LONGEST_KEY = 40


def stage_at(document: dict, stage: int) -> dict:
    """Raises IndexError where there is none; a stage that is no mapping reads as an empty one."""
    return mapping_of(list_at(document, "stages")[_there(stage, list_at(document, "stages"))])


def session_at(document: dict, stage: int, session: int) -> dict:
    """Raises IndexError where there is none."""
    sessions = list_at(stage_at(document, stage), "sessions")
    return mapping_of(sessions[_there(session, sessions)])


def with_stage(document: dict, stage: int, content: dict) -> dict:
    """A stage written anew; a start that was named by its old key follows the new one."""
    old, stages = stage_at(document, stage), list(list_at(document, "stages"))
    stages[stage] = content
    return _followed({**document, "stages": stages}, words_of(old.get("key")), words_of(content.get("key")))


def with_session(document: dict, stage: int, session: int, content: dict) -> dict:
    session_at(document, stage, session)
    sessions = list(list_at(stage_at(document, stage), "sessions"))
    sessions[session] = content
    return _with_sessions(document, stage, sessions)


def move_stage(document: dict, stage: int, to: int) -> dict:
    return {**document, "stages": moved(list_at(document, "stages"), stage, to)}


def remove_stage(document: dict, stage: int) -> dict:
    """Without the stage, and without a start there."""
    key = words_of(stage_at(document, stage).get("key"))
    stages = without(list_at(document, "stages"), stage)
    return _followed({**document, "stages": stages}, key, "")


def add_stage(document: dict, content: dict, sources: list[str] | None = None) -> dict:
    """A new stage behind the last one of its kind, under a key of its own; with the sources that it names."""
    stages = list(list_at(document, "stages"))
    fresh = renamed(content, [words_of(mapping_of(stage).get("key")) for stage in stages])
    stages.insert(_place_for(fresh, stages), fresh)
    return with_sources({**document, "stages": stages}, sources or [])


def copy_stage(document: dict, stage: int) -> dict:
    """The same stage once more, right behind it."""
    stages = list(list_at(document, "stages"))
    twin = copy.deepcopy(stage_at(document, stage))
    keys = [words_of(mapping_of(other).get("key")) for other in stages]
    return {**document, "stages": [*stages[: stage + 1], renamed(twin, keys), *stages[stage + 1 :]]}


def move_session(document: dict, stage: int, session: int, to: int) -> dict:
    sessions = list_at(stage_at(document, stage), "sessions")
    return _with_sessions(document, stage, moved(sessions, session, to))


def remove_session(document: dict, stage: int, session: int) -> dict:
    sessions = list_at(stage_at(document, stage), "sessions")
    return _with_sessions(document, stage, without(sessions, session))


def add_session(document: dict, stage: int, content: dict) -> dict:
    sessions = list_at(stage_at(document, stage), "sessions")
    keys = [words_of(mapping_of(other).get("key")) for other in sessions]
    return _with_sessions(document, stage, [*sessions, renamed(content, keys)])


def with_sources(document: dict, wanted: list[str]) -> dict:
    """The document with these sources listed, too."""
    listed = list_at(document, "sources")
    more = [key for key in wanted if key not in listed]
    return {**document, "sources": [*listed, *more]} if more else document


def sources_of(part: object) -> list[str]:
    """Every source that a part of a document names, once, in order."""
    named: dict[str, None] = {}
    if isinstance(part, dict):
        own = [part.get("source"), *list_at(part, "also")]
        named |= dict.fromkeys(key for key in own if isinstance(key, str))
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for item in inner:
        named |= dict.fromkeys(sources_of(item))
    return list(named)


def moved(items: list, place: int, to: int) -> list:
    """The list with one item at another place; beyond an end it stays at that end."""
    items = list(items)
    item = items.pop(_there(place, items))
    items.insert(max(0, min(to, len(items))), item)
    return items


def without(items: list, place: int) -> list:
    _there(place, items)
    return [item for number, item in enumerate(items) if number != place]


def renamed(content: dict, taken: list[str]) -> dict:
    """A copy under a key that no other has."""
    content = copy.deepcopy(content)
    key = words_of(content.get("key")) or "part"
    if key in taken:
        stem = re.sub(r"_[0-9]+$", "", key)[: LONGEST_KEY - 4]
        numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
        content["key"] = next(name for name in numbered if name not in taken)
    return content


def _with_sessions(document: dict, stage: int, sessions: list) -> dict:
    content = {**stage_at(document, stage), "sessions": sessions}
    stages = list(list_at(document, "stages"))
    stages[stage] = content
    return {**document, "stages": stages}


def _there(place: int, items: list) -> int:
    """A place counted from the start; one from the end is none, though Python knows it."""
    if not 0 <= place < len(items):
        raise IndexError(f"there is no number {place} of {len(items)}")
    return place


def _place_for(content: dict, stages: list) -> int:
    """Behind the last stage of the same kind or of one that comes before it."""
    before = _rank(content)
    ranks = [_rank(mapping_of(stage)) for stage in stages]
    return max((place + 1 for place, rank in enumerate(ranks) if rank <= before), default=0)


def _rank(stage: dict) -> int:
    kind = stage.get("kind")
    return KIND_ORDER.index(kind) if isinstance(kind, str) and kind in list(KIND_ORDER) else 0


def _followed(document: dict, old: str, new: str) -> dict:
    """The stages at which a runner may begin are named by key: they follow a new name, or go."""
    starts = list_at(document, "start_stages")
    if old == new or old not in starts:
        return document
    document = copy.deepcopy(document)
    kept = [new if key == old else key for key in starts if key != old or new]
    put(document, ["start_stages"], kept or NOTHING)
    return document
