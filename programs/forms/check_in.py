"""The check-in: only the score at rest is needed, and the session where one was planned."""

import datetime
from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from programs.diary_words import SITE_CHOICES, WARMUP_CHOICES
from programs.engine.redflags import is_code, label_of
from programs.engine.values import DONE_SOMETHING, SessionKind, Warmup
from programs.forms.fields import PainScoreField, RowsField, panel, rows, scale, submit
from programs.models.diary import LONGEST_RUN
from programs.presentation import REST_DAY_CHOICES, SESSION_CHOICES, value_words

#: What the form says of itself.
OF_THE_FORM = ("made_at", "seen")
DETAILS = ("during", "after", "warmup", "limp", "run_minutes")
#: An instant that cannot be read is as old as can be: then any other entry is asked about.
LONG_AGO = datetime.datetime.min.replace(tzinfo=datetime.UTC)


class CheckInForm(forms.Form):
    """``values`` are domain values: scores or None, words of the engine, flag codes."""

    morning = PainScoreField(
        label=gettext_lazy("Pain on waking"),
        help_text=gettext_lazy("When you woke up. It tells how your back took the day before."),
    )
    rest = PainScoreField(
        required=True,
        label=gettext_lazy("Pain at rest"),
        help_text=gettext_lazy("Your average of the day, not exercising."),
    )
    session = RowsField(label=gettext_lazy("Your session"), required=False, choices=[])
    during = PainScoreField(label=gettext_lazy("Worst pain in the session"))
    after = PainScoreField(label=gettext_lazy("Worst pain in the two hours after it"))
    warmup = RowsField(
        label=gettext_lazy("Soreness in the warm-up"),
        required=False,
        choices=list(WARMUP_CHOICES.items()),
        help_text=gettext_lazy("Leave it empty if there was none."),
    )
    limp = forms.BooleanField(label=gettext_lazy("Pain changed the way I moved, or I limped"), required=False)
    run_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes you ran (without the walks)"),
        required=False,
        min_value=0,
        max_value=LONGEST_RUN,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "minutes"}),
        help_text=gettext_lazy("Leave it empty if you do not know."),
    )
    sites = forms.MultipleChoiceField(
        label=gettext_lazy("Where did it hurt today?"),
        required=False,
        choices=list(SITE_CHOICES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick every place. Leave all empty if nothing hurt."),
    )
    red_flags = forms.MultipleChoiceField(
        label=gettext_lazy("Any of these new today?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick what is new or getting worse. Leave all empty if none is."),
    )
    #: When the answers were given on a phone without a connection; empty where they come at once.
    made_at = forms.CharField(required=False, widget=forms.HiddenInput)
    #: Which state of the day the form shows (services/open_forms.py); empty where nothing was stored yet.
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        flags: Iterable[tuple[str, str]] = (),
        asks_session: bool = False,
        may_rest: bool = True,
        asks_minutes: bool = False,
        is_today: bool = True,
        button: str = gettext_lazy("Save check-in"),
        action: str = "",
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        offered = dict(flags)
        # A sign that this page no longer asks, ticked on a page that did, is as good as asked.
        self.fields["red_flags"].choices = list((offered | {c: label_of(c) for c in self.ticked()}).items())
        self._ask_session(asks_session, may_rest)
        if not asks_minutes:
            del self.fields["run_minutes"]
        if not is_today:
            self.fields["sites"].label = gettext("Where did it hurt that day?")
            self.fields["red_flags"].label = gettext("Was any of these new that day?")
        self._button, self._asks_minutes, self._action = button, asks_minutes, action

    @cached_property
    def helper(self) -> FormHelper:
        """How it looks: of a form that is only taken nobody asks."""
        helper = _helper(self._button, self._asks_minutes)
        # The address names the date, so that a page opened before midnight is saved where it was asked.
        helper.form_action = self._action
        return helper

    def _ask_session(self, asks_session: bool, may_rest: bool) -> None:
        session = self.fields["session"]
        session.choices = _session_choices(asks_session, may_rest)
        session.required = asks_session
        session.error_messages["required"] = gettext("A session was planned. Say what became of it.")
        session.label = gettext("The planned session") if asks_session else gettext("A session?")

    def ticked(self) -> tuple[str, ...]:
        """Warning signs that were sent, whether the rest of the form is sound or not.

        One that nobody knows is kept too: the engine takes it as urgent, and ignores none.
        """
        sent = self.data.getlist("red_flags") if hasattr(self.data, "getlist") else ()
        return tuple(code for code in sent if is_code(code))

    def values(self) -> dict:
        """What the diary stores of a sound form."""
        return {name: value for name, value in self.cleaned_data.items() if name not in OF_THE_FORM}

    def clean_session(self) -> str | None:
        return self.cleaned_data["session"] or None

    def clean_warmup(self) -> str:
        return self.cleaned_data["warmup"] or Warmup.NONE.value

    def clean_sites(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["sites"])

    def clean_red_flags(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["red_flags"])

    def clean_made_at(self) -> datetime.datetime | None:
        sent = self.cleaned_data["made_at"]
        if not sent:
            return None
        try:
            made_at = parse_datetime(sent)
        except ValueError:
            made_at = None
        return LONG_AGO if made_at is None or made_at.tzinfo is None else made_at

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
            "run_minutes": data.get("run_minutes") is not None,
        }
        for name in DETAILS:
            if given[name]:
                self.add_error(name, self._contradiction(name, data[name]))
        return data

    def _contradiction(self, name: str, value) -> str:
        """Both statements, and what to do: which of them is right only she knows."""
        chosen = self.cleaned_data.get("session")
        words = {
            "session": dict(self.fields["session"].choices).get(chosen, ""),
            "value": value_words(name, value),
        }
        if chosen:
            asks = gettext(
                "Here you said “%(value)s”, but about the session “%(session)s”. Change one of them."
            )
        else:
            asks = gettext("Here you said “%(value)s”, but of no session. Say what you did, or clear this.")
        return asks % words


def _session_choices(asks_session: bool, may_rest: bool) -> list[tuple[str, str]]:
    if not asks_session:
        return list(REST_DAY_CHOICES.items())
    choices = list(SESSION_CHOICES.items())
    if may_rest:
        # Planned when the day began; since then the plan has become a rest day.
        choices.append((SessionKind.NONE.value, gettext("None: the plan became a rest day")))
    return choices


def _helper(button: str, asks_minutes: bool) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": "", "data-check-in": ""}
    hint = format_html(
        '<p class="session-hint text-soft">{}</p>', gettext("Only if you did a session, or part of one:")
    )
    details = Div(
        HTML(hint),
        scale("during"),
        scale("after"),
        *(["run_minutes"] if asks_minutes else []),
        rows("warmup"),
        "limp",
        css_id="session-details",
        css_class="session-details",
    )
    helper.layout = Layout(
        Field("made_at"),
        Field("seen"),
        panel(scale("rest"), scale("morning")),
        panel(rows("session"), details),
        panel(rows("sites")),
        panel(rows("red_flags")),
        submit(button, "btn-primary btn-lg btn-wide"),
    )
    return helper
