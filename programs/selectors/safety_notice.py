"""The safety notice: whom to call, and for what. No query, so that it is always there."""

from dataclasses import dataclass

from accounts.models import User
from programs.engine.redflags import RED_FLAGS
from programs.engine.values import Refer
from programs.snapshots import contacts


@dataclass(frozen=True, slots=True)
class SafetyNotice:
    """Numbers to call, and the signs of each level in words."""

    emergency_number: str
    urgent_service: str
    emergencies: tuple[str, ...]
    urgent: tuple[str, ...]


def safety_notice(runner: User | None = None) -> SafetyNotice:
    numbers = contacts(runner)
    return SafetyNotice(
        numbers.emergency_number, numbers.urgent_service, _labels(Refer.EMERGENCY), _labels(Refer.URGENT)
    )


def _labels(level: Refer) -> tuple[str, ...]:
    return tuple(flag.label for flag in RED_FLAGS.values() if flag.level is level)
