"""Builders for replay tests: a few lines of CSV in, decided days out."""

from functools import cache
from unittest import mock

from programs.engine.snapshot import Contacts
from programs.replay import run
from programs.replay.faults import Faults
from programs.replay.options import DEFAULT_PROGRAMME, Asked
from programs.replay.programmes import Loaded, load_programme


@cache
def shipped() -> Loaded:
    """The default programme; reading its YAML takes longer than most replays."""
    return load_programme(DEFAULT_PROGRAMME, Faults())


def _load(key_or_file: str, faults: Faults) -> Loaded | None:
    return shipped() if key_or_file == DEFAULT_PROGRAMME else load_programme(key_or_file, faults)


def replayed(text: str | bytes, **asked) -> run.Replay:
    raw = text if isinstance(text, bytes) else text.encode()
    with mock.patch.object(run, "load_programme", _load):
        return run.replay(raw, Asked(**asked), Contacts())


def decisions(result: run.Replay) -> list[tuple[str, str, str, str]]:
    """Decision, rule, stage after and refer level of each day in order."""
    return [
        (
            day.decision.outcome.value,
            day.decision.rule,
            day.decision.stage_after_key,
            day.decision.refer.value,
        )
        for day in result.days
    ]


def rules(result: run.Replay) -> list[str]:
    return [day.decision.rule for day in result.days]
