"""The stored inputs of a decision as text: what ``records.py`` makes, put together from parts that are known.

The hash is that of the canonical JSON, whichever way a row was written; what is
stored has the entries in short.
"""

import hashlib
import json
from functools import lru_cache

from programs.engine.packed_entries import entries_from, packed
from programs.engine.programme import Programme
from programs.engine.records import digest, snapshot_to_json
from programs.engine.snapshot import Contacts, Snapshot, State
from programs.services.closing.dates import iso_of
from programs.services.closing.windows import Day


@lru_cache(maxsize=1024)
def _contacts(numbers: Contacts) -> str:
    return (
        f'{{"emergency_number":{json.dumps(numbers.emergency_number)},'
        f'"urgent_service":{json.dumps(numbers.urgent_service)}}}'
    )


@lru_cache(maxsize=1024)
def _programme(key: str, version: int) -> str:
    return f'{{"key":{json.dumps(key)},"version":{version}}}'


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _date(day: int | None) -> str:
    return "null" if day is None else f'"{iso_of(day)}"'


def _state(state: State) -> str:
    steps = ",".join([_date(day) for day in state.step_backs])
    return (
        f'{{"baseline":{_number(state.baseline)},"cooldown_until":{_date(state.cooldown_until)},'
        f'"entered":"{iso_of(state.entered)}","hold":null,"intake":{_number(state.intake)},'
        f'"refer":"{state.refer.value}","stage":{state.stage},"started":"{iso_of(state.started)}",'
        f'"step_backs":[{steps}]}}'
    )


def inputs_of(snapshot: Snapshot, kept: list[Day]) -> tuple[str, str]:
    """(what is stored, hash) of a snapshot on which no person acted; ``kept`` are its entries in order."""
    programme: Programme = snapshot.programme
    numbers, day = _contacts(snapshot.contacts), iso_of(snapshot.day)
    before = f'{{"cleared":null,"contacts":{numbers},"day":"{day}","entries":'
    pinned, first_day = _programme(programme.key, programme.version), iso_of(snapshot.first_day)
    after = (
        f',"first_day":"{first_day}","programme":{pinned},"stage_set":null,"state":{_state(snapshot.state)}}}'
    )
    in_full = f"{before}{{{','.join([one[2] for one in kept])}}}{after}"
    words = _words(kept)
    stored = in_full if words is None else f'{before}"{words}"{after}'
    return stored, hashlib.sha256(in_full.encode()).hexdigest()


def _words(kept: list[Day]) -> str | None:
    """As ``packed_entries.packed`` writes them; None where a day has no short form."""
    words, shown = [], None
    for one in kept:
        stage = one[5]
        if stage is None:
            return None
        words.append(one[3] if stage is shown else one[4])
        shown = stage
    return " ".join(words)


def inputs_with_acts(snapshot: Snapshot) -> tuple[str, str]:
    """The same of any snapshot, put together by ``records.py``."""
    stored = snapshot_to_json(snapshot)
    hashed = digest(stored)
    short = packed(sorted(snapshot.entries.items()))
    # What is not read back to the letter is kept in full, as a field would be that has no letter yet.
    if short is not None and entries_from(short) == stored["entries"]:
        stored["entries"] = short
    return json.dumps(stored), hashed
