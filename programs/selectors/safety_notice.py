"""The safety notice: whom to call, and for what. No query, so that it is always there."""

from dataclasses import dataclass

from accounts.models import User
from programs.engine.redflags import RED_FLAGS
from programs.engine.values import Refer
from programs.presentation import dialled
from programs.said import said
from programs.snapshots import contacts


@dataclass(frozen=True, slots=True)
class SafetyNotice:
    """Numbers to call, and the signs of each level in words."""

    emergency_number: str
    #: Digits to dial; empty where no number is known.
    call: str
    urgent_service: str
    emergencies: tuple[str, ...]
    urgent: tuple[str, ...]


def safety_notice(runner: User | None = None) -> SafetyNotice:
    numbers = contacts(runner)
    return SafetyNotice(
        emergency_number=said(numbers.emergency_number),
        call=dialled(numbers.emergency_number),
        urgent_service=said(numbers.urgent_service),
        emergencies=_labels(Refer.EMERGENCY),
        urgent=_labels(Refer.URGENT),
    )


def _labels(level: Refer) -> tuple[str, ...]:
    return tuple(said(flag.label) for flag in RED_FLAGS.values() if flag.level is level)
