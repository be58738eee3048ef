"""The check-in: only the score at rest is needed, and the session where one was planned."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms

from programs.engine.redflags import RED_FLAGS, label_of
from programs.engine.values import DONE_SOMETHING, Leg, SessionKind, Warmup
from programs.forms.fields import PainScoreField, RowsField, panel, rows, scale, submit
from programs.presentation import LEG_CHOICES, REST_DAY_CHOICES, SESSION_CHOICES, WARMUP_CHOICES

DETAILS = ("during", "after", "warmup", "limp")
CONTRADICTION = "These details belong to a session, but you chose that none was done. Correct one of them."


class CheckInForm(forms.Form):
    """``cleaned_data`` holds domain values: scores or None, words of the engine, flag codes."""

    morning = PainScoreField(
        label="Pain on waking", help_text="When you woke up. It tells how your back took the day before."
    )
    rest = PainScoreField(
        required=True,
        label="Pain at rest",
        help_text="Your average of the day, not exercising.",
    )
    session = RowsField(label="Your session", required=False, choices=[])
    during = PainScoreField(label="Worst pain in the session")
    after = PainScoreField(label="Worst pain in the two hours after it")
    warmup = RowsField(
        label="Soreness in the warm-up",
        required=False,
        choices=list(WARMUP_CHOICES.items()),
        help_text="Leave it empty if there was none.",
    )
    limp = forms.BooleanField(label="Pain changed the way I moved, or I limped", required=False)
    leg = RowsField(
        label="Leg pain today",
        required=False,
        choices=list(LEG_CHOICES.items()),
        help_text="The furthest place that hurt. Leave it empty if there was none.",
    )
    red_flags = forms.MultipleChoiceField(
        label="Any of these new today?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what is new or getting worse. Leave all empty if none is.",
    )

    def __init__(
        self,
        *args,
        flags: Iterable[tuple[str, str]] = (),
        asks_session: bool = False,
        may_rest: bool = True,
        is_today: bool = True,
        button: str = "Save check-in",
        action: str = "",
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        offered = dict(flags)
        # A sign that this page no longer asks, ticked on a page that did, is as good as asked.
        self.fields["red_flags"].choices = list((offered | {c: label_of(c) for c in self.ticked()}).items())
        session = self.fields["session"]
        session.choices = _session_choices(asks_session, may_rest)
        session.required = asks_session
        session.error_messages["required"] = "A session was planned. Say what became of it."
        session.label = "The planned session" if asks_session else "A session?"
        if not is_today:
            self.fields["leg"].label = "Leg pain that day"
            self.fields["red_flags"].label = "Was any of these new that day?"
        self.helper = _helper(button)
        # The address names the date, so that a page opened before midnight is saved where it was asked.
        self.helper.form_action = action

    def ticked(self) -> tuple[str, ...]:
        """Warning signs that were sent, whether the rest of the form is sound or not."""
        sent = self.data.getlist("red_flags") if hasattr(self.data, "getlist") else ()
        return tuple(code for code in sent if code in RED_FLAGS)

    def clean_session(self) -> str | None:
        return self.cleaned_data["session"] or None

    def clean_warmup(self) -> str:
        return self.cleaned_data["warmup"] or Warmup.NONE.value

    def clean_leg(self) -> str:
        return self.cleaned_data["leg"] or Leg.NONE.value

    def clean_red_flags(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["red_flags"])

    def clean(self) -> dict:
        """INV-21: a score on a session that was not done is corrected by the runner, never dropped."""
        data = super().clean()
        if data.get("session") in DONE_SOMETHING or "session" in self.errors:
            return data
        given = {
            "during": data.get("during") is not None,
            "after": data.get("after") is not None,
            "warmup": data.get("warmup", Warmup.NONE) != Warmup.NONE,
            "limp": data.get("limp", False),
        }
        for name in DETAILS:
            if given[name]:
                self.add_error(name, CONTRADICTION)
        return data


def _session_choices(asks_session: bool, may_rest: bool) -> list[tuple[str, str]]:
    if not asks_session:
        return list(REST_DAY_CHOICES.items())
    choices = list(SESSION_CHOICES.items())
    if may_rest:
        # Planned when the day began; since then the plan has become a rest day.
        choices.append((SessionKind.NONE, "None: the plan became a rest day"))
    return choices


def _helper(button: str) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": "", "data-check-in": ""}
    hint = HTML('<p class="session-hint text-soft">Only if you did a session, or part of one:</p>')
    details = Div(
        hint,
        scale("during"),
        scale("after"),
        rows("warmup"),
        "limp",
        css_id="session-details",
        css_class="session-details",
    )
    helper.layout = Layout(
        panel(scale("rest"), scale("morning")),
        panel(rows("session"), details),
        panel(rows("leg")),
        panel(rows("red_flags")),
        submit(button, "btn-primary btn-lg btn-wide"),
    )
    return helper
