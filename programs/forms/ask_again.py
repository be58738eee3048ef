"""When to ask again: one of the times that are offered, or another of today."""

import datetime
from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext, gettext_lazy, ngettext

from programs.forms.fields import RowsField, panel, rows, submit

OTHER = "other"


class AgainForm(forms.Form):
    """Sent without a cookie, like every form behind a link of a mail. What was read is what is meant."""

    when = RowsField(
        label=gettext_lazy("When shall we ask again?"),
        choices=[],
        error_messages={"required": gettext_lazy("Choose a time.")},
    )
    wall = forms.TimeField(
        label=gettext_lazy("The other time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Only if you chose another time."),
    )

    def __init__(self, *args, times: Iterable[tuple[int, datetime.time]], sent: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = [*_tapped(times, sent), (OTHER, gettext("At another time today"))]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.disable_csrf = True
        save = submit(gettext_lazy("Ask me again"), "btn-primary btn-lg btn-wide")
        self.helper.layout = Layout(panel(rows("when"), "wall"), save)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("when") == OTHER and data.get("wall") is None and "wall" not in self.errors:
            self.add_error("wall", gettext("Say at which time, such as 20:15."))
        return data

    def chosen(self) -> datetime.time:
        """The time of a sound form."""
        when = self.cleaned_data["when"]
        return self.cleaned_data["wall"] if when == OTHER else datetime.time.fromisoformat(when)


def _tapped(times: Iterable[tuple[int, datetime.time]], sent: str) -> list[tuple[str, str]]:
    """The times of now; and one that was offered when the page was opened, which a minute has moved since."""
    offered = {
        f"{wall:%H:%M}": ngettext("In {hours} hour, at {time}", "In {hours} hours, at {time}", hours).format(
            hours=hours, time=f"{wall:%H:%M}"
        )
        for hours, wall in times
    }
    try:
        before = datetime.time.fromisoformat(sent)
    except ValueError:
        return list(offered.items())
    return list(({f"{before:%H:%M}": f"{before:%H:%M}"} | offered).items())
