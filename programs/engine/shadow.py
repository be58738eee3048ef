"""What the engine would have decided without a physiotherapist's hold."""

from dataclasses import replace

from programs.engine.decide import Decision, decide
from programs.engine.snapshot import Snapshot


def without_hold(snapshot: Snapshot) -> Decision:
    """The decision on the same inputs as if nobody had held the runner.

    It is of that one day: the days before it are as they were, so a step that
    was held back yesterday is held back still.
    """
    return decide(replace(snapshot, state=replace(snapshot.state, hold=None)))
