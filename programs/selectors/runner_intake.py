"""What a runner answered before the programme began, for her physiotherapist."""

import zoneinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.engine.redflags import label_of
from programs.models import Intake, PainPattern
from programs.presentation import score_words
from programs.said import said
from programs.selectors.inputs import Fact, wall_time


def intake_facts(intake: Intake | None, zone: zoneinfo.ZoneInfo) -> tuple[Fact, ...]:
    """What was answered before the programme began; no query."""
    if intake is None:
        return ()
    answers = intake.answers
    answered = wall_time(intake.answered_at, zone)
    pattern = answers.get("pattern", "")
    known = {choice.value: choice.label for choice in PainPattern}
    return (
        Fact(_("Answered"), date_format(answered, "j F Y, H:i")),
        Fact(_("Pain at rest"), score_words(answers.get("intake_pain"))),
        Fact(_("Usual pain on waking"), score_words(answers.get("baseline_morning"))),
        Fact(_("Direction"), said(known.get(pattern, pattern) or "not asked").capitalize()),
        Fact(_("Reasons against a programme"), ", ".join(answers.get("exclusions", ())) or _("none")),
        Fact(
            _("Red flags"),
            ", ".join(said(label_of(code)) for code in answers.get("red_flags", ())) or _("none"),
        ),
    )
