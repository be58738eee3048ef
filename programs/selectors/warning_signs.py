"""All warning signs with what to do about each level: for people whom no programme watches."""

from dataclasses import dataclass

from accounts.models import User
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


def warning_signs(runner: User) -> tuple[WarningSigns, ...]:
    """Emergencies first, then what has to be seen today (one query)."""
    asked, numbers = red_flag_questions(), contacts(runner)
    return tuple(
        WarningSigns(
            advice_for(level, numbers, has_programme=False),
            tuple(flag.text for flag in asked if level_of(flag.code) is level),
        )
        for level in (Refer.EMERGENCY, Refer.URGENT)
    )
