"""The stored inputs of a decision as text: what ``records.py`` makes, put together from parts that are known.

The hash is that of the canonical JSON, whichever way a row was written; what is
stored has the entries in short.
"""

import hashlib
import json
from functools import lru_cache

from programs.engine.packed_entries import entries_from, packed
from programs.engine.records import digest, snapshot_to_json
from programs.engine.snapshot import Snapshot, State
from programs.services.closing.dates import ISO, Kept
from programs.services.closing.windows import Window

#: Day ordinal -> how its entry begins, in the JSON and in short.
_NAMED = Kept(lambda day: f',"{ISO[day]}":')
_SHORT = Kept(lambda day: f" {ISO[day].replace('-', '')}")


@lru_cache(maxsize=1024)
def _programme(key: str, version: int) -> str:
    return f'{{"key":{json.dumps(key)},"version":{version}}}'


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _state(state: State) -> str:
    steps = ",".join([f'"{ISO[day]}"' for day in state.step_backs]) if state.step_backs else ""
    cooldown = "null" if state.cooldown_until is None else f'"{ISO[state.cooldown_until]}"'
    return (
        f'{{"baseline":{_number(state.baseline)},"cooldown_until":{cooldown},'
        f'"entered":"{ISO[state.entered]}","hold":null,"intake":{_number(state.intake)},'
        f'"refer":"{state.refer.value}","stage":{state.stage},"started":"{ISO[state.started]}",'
        f'"step_backs":[{steps}]}}'
    )


def inputs_of(snapshot: Snapshot, kept: Window, numbers: str) -> tuple[str, str]:
    """(what is stored, hash) of a snapshot on which no person acted; ``kept`` are its entries,
    ``numbers`` its contacts as JSON.
    """
    pinned = _programme(snapshot.programme.key, snapshot.programme.version)
    before = f'{{"cleared":null,"contacts":{numbers},"day":"{ISO[snapshot.day]}","entries":'
    after = (
        f',"first_day":"{ISO[snapshot.first_day]}","programme":{pinned},"stage_set":null,'
        f'"state":{_state(snapshot.state)}}}'
    )
    if not kept.days:
        in_full = f"{before}{{}}{after}"
        return f'{before}""{after}', hashlib.sha256(in_full.encode()).hexdigest()
    _, entries, words, stages, *_ = zip(*kept.answers, strict=True)
    pieces = [""] * (2 * len(entries))
    pieces[::2], pieces[1::2] = [_NAMED[day] for day in kept.days], entries
    in_full = f"{before}{{{''.join(pieces)[1:]}}}{after}"
    stored = f'{before}"{_in_short(kept.days, words, stages)}"{after}' if all(words) else in_full
    return stored, hashlib.sha256(in_full.encode()).hexdigest()


def _in_short(days: list[int], words: tuple[str, ...], stages: tuple[str, ...]) -> str:
    """As ``packed_entries.packed`` writes them: a stage only where it is another than the day before's."""
    pieces = [""] * (3 * len(days))
    pieces[::3], pieces[1::3] = [_SHORT[day] for day in days], words
    pieces[2::3] = [
        "" if stage == last else stage for stage, last in zip(stages, ("", *stages), strict=False)
    ]
    return "".join(pieces)[1:]


def inputs_with_acts(snapshot: Snapshot) -> tuple[str, str]:
    """The same of any snapshot, put together by ``records.py``."""
    stored = snapshot_to_json(snapshot)
    hashed = digest(stored)
    short = packed(sorted(snapshot.entries.items()))
    # What is not read back to the letter is kept in full, as a field would be that has no letter yet.
    if short is not None and entries_from(short) == stored["entries"]:
        stored["entries"] = short
    return json.dumps(stored), hashed
