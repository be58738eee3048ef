"""The intake, one form a step. Each keeps what was entered where something is missing."""

import datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.time_zones import TimeZoneField
from programs.forms.fields import PainScoreField, RowsField, YesNoField, panel, rows, scale, submit, yes_no
from programs.forms.reminder import chosen_reminder, reminder_field, reminder_time_field
from programs.models import PainPattern
from programs.selectors.intake import FRESH, LONG, Offer, Question, Questions, chosen_offer

#: Number of the wording in templates/programs/runner/intake/consent.html; raise it when the text changes.
CONSENT_TEXT_VERSION = 2
CARDS_TEMPLATE = "programs/runner/parts/choice_cards.html"


class StepForm(forms.Form):
    """A step; ``asked`` are the questions of the library, ``draft`` the answers so far."""

    button = _("Continue")

    def __init__(self, *args, asked: Questions, offers: tuple[Offer, ...], draft: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked, self.offers, self.draft = asked, offers, draft
        self.build()
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(*self.layout(), submit(self.button))

    def build(self) -> None:
        """Add the fields that depend on the library."""

    def layout(self) -> list:
        return [panel(*self.fields)]

    def answers(self) -> dict:
        """What was answered, as JSON can hold it; given as ``initial`` it is shown again."""
        data = self.cleaned_data.items()
        return {name: v.isoformat() if isinstance(v, datetime.time) else v for name, v in data}


class ConsentForm(StepForm):
    consent = forms.BooleanField(
        label=_(
            "I agree that this site stores my answers and decides by fixed rules, every night, "
            "whether I move on, stay, step back or pause."
        ),
        error_messages={"required": _("Without your agreement this site cannot work with your answers.")},
    )
    understood = forms.BooleanField(
        label=_("I understand that this is not a medical device and does not replace an examination."),
        error_messages={"required": _("Please confirm that you have read this.")},
    )
    button = _("Agree and continue")


class QuestionsForm(StepForm):
    """Every question needs its own yes or no."""

    def questions(self) -> tuple[Question, ...]:
        raise NotImplementedError

    def build(self) -> None:
        for question in self.questions():
            required = not question.may_be_skipped
            self.fields[question.code] = YesNoField(
                label=question.text, help_text=question.why, required=required
            )

    def layout(self) -> list:
        return [panel(*(yes_no(name) for name in self.fields), css="question-list")]


class ExclusionsForm(QuestionsForm):
    def questions(self) -> tuple[Question, ...]:
        return self.asked.exclusions


class RedFlagQuestionsForm(QuestionsForm):
    def questions(self) -> tuple[Question, ...]:
        return self.asked.red_flags


class PainForm(StepForm):
    intake_pain = PainScoreField(
        required=True,
        label=_("Pain at rest"),
        help_text=_("Your average over the last day, not exercising."),
    )
    baseline_morning = PainScoreField(
        required=True,
        label=_("Usual pain on waking"),
        help_text=_("On most mornings of the last week. Later mornings are compared with it."),
    )
    duration = RowsField(
        label=_("How long has your back hurt this time?"),
        choices=[(FRESH, _("Less than 12 weeks")), (LONG, _("12 weeks or longer"))],
        error_messages={"required": _("Choose one. It suggests a programme.")},
    )

    def build(self) -> None:
        for question in self.asked.directions:
            self.fields[question.code] = YesNoField(label=question.text)

    def layout(self) -> list:
        explained = HTML(
            format_html(
                '<h2 class="h3">{}</h2><p class="text-soft">{}</p>',
                _("Which movements hurt?"),
                _("This only chooses exercises for you. It never changes your step."),
            )
        )
        directions = [yes_no(question.code) for question in self.asked.directions]
        return [
            panel(scale("intake_pain"), scale("baseline_morning")),
            panel(rows("duration")),
            panel(explained, *directions, css="question-list"),
        ]


def pattern_of(draft: dict) -> str:
    """The pain pattern that both direction answers give."""
    flexion, extension = draft.get("flexion_intolerant"), draft.get("extension_intolerant")
    if flexion and extension:
        return PainPattern.BOTH
    if flexion:
        return PainPattern.FLEXION_INTOLERANT
    return PainPattern.EXTENSION_INTOLERANT if extension else PainPattern.NEITHER


class ProgrammeForm(StepForm):
    """All published programmes; the suggested one is preselected, as a suggestion may be."""

    programme = RowsField(
        label=_("Programme"),
        choices=[],
        error_messages={"required": _("Choose a programme."), "invalid_choice": _("Choose one of these.")},
    )

    def build(self) -> None:
        self.fields["programme"].choices = [(str(offer.version_id), offer.title) for offer in self.offers]

    def layout(self) -> list:
        return [Field("programme", template=CARDS_TEMPLATE)]

    def cards(self) -> list[tuple]:
        """Each radio button with the offer that it stands for."""
        return list(zip(self["programme"], self.offers, strict=True))


class StartForm(StepForm):
    button = _("Start my programme")
    stage = RowsField(
        label=_("Where do you begin?"),
        choices=[],
        error_messages={
            "required": _("Choose where you begin."),
            "invalid_choice": _("Choose one of these."),
        },
    )
    time_zone = TimeZoneField(mode="fill", help_text=_("Your days begin and end by it."))
    reminder = reminder_field()
    reminder_time = reminder_time_field()

    def build(self) -> None:
        offer = chosen_offer(self.offers, self.draft)
        starts = offer.starts if offer else ()
        if self.draft.get("duration") != FRESH:
            # Rest helps only a fresh back; without it walking is the way to begin.
            starts = tuple(start for start in starts if not start.is_rest)
        self.fields["stage"].choices = [(start.key, start.title) for start in starts]
        self.starts = starts

    def layout(self) -> list:
        return [
            Field("stage", template=CARDS_TEMPLATE),
            panel("time_zone"),
            panel(rows("reminder"), "reminder_time"),
        ]

    def cards(self) -> list[tuple]:
        """Each radio button with the stage that it stands for."""
        return list(zip(self["stage"], self.starts, strict=True))

    def clean(self) -> dict:
        data = super().clean()
        data["reminder_time"] = chosen_reminder(self)
        return data


#: Step of ``selectors.intake.STEPS`` -> its form.
FORMS: dict[str, type[StepForm]] = {
    "about": ConsentForm,
    "suitable": ExclusionsForm,
    "warning-signs": RedFlagQuestionsForm,
    "pain": PainForm,
    "programme": ProgrammeForm,
    "start": StartForm,
}
