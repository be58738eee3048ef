"""All warning signs with what to do about each level: for people whom no programme watches."""

from dataclasses import dataclass

from programs.engine.redflags import level_of
from programs.engine.values import Refer
from programs.presentation import Advice, advice_for
from programs.selectors.library import red_flag_questions
from programs.snapshots import contacts


@dataclass(frozen=True, slots=True)
class WarningSigns:
    """Signs of one level, most pressing level first."""

    advice: Advice
    signs: tuple[str, ...]


def warning_signs() -> tuple[WarningSigns, ...]:
    """Emergencies first, then what has to be seen today (one query)."""
    asked = red_flag_questions()
    return tuple(
        WarningSigns(
            advice_for(level, contacts(), has_programme=False),
            tuple(flag.text for flag in asked if level_of(flag.code) is level),
        )
        for level in (Refer.EMERGENCY, Refer.URGENT)
    )
