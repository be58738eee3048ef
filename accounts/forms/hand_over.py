"""What a physiotherapist chooses: a colleague, and runners or days."""

import datetime
import uuid
import zoneinfo

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models.consent import MOST_DAYS_OF_A_COVER

Choices = tuple[tuple[str, str], ...]

MOST_AHEAD = datetime.timedelta(days=365)
NO_COLLEAGUE = {"required": _("Choose a colleague.")}
NO_DATE = {"required": _("Choose a date.")}


class ColleagueField(forms.TypedChoiceField):
    """Somebody of the same clinic, by the public id of her account."""

    def __init__(self, **kwargs) -> None:
        super().__init__(coerce=uuid.UUID, error_messages=NO_COLLEAGUE, **kwargs)

    def offer(self, colleagues: Choices) -> None:
        self.choices = [("", _("Choose a colleague")), *colleagues]


class DateInput(forms.DateInput):
    """The browser's own date field; the value is ISO whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class WholeHandOverForm(forms.Form):
    """All runners of a colleague, by a lead: nobody is named."""

    to = ColleagueField(label=_("Who takes over"))

    def __init__(self, *args, colleagues: Choices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(colleagues)


class HandOverForm(WholeHandOverForm):
    everybody = forms.BooleanField(label=_("All of my runners"), required=False)
    runners = forms.TypedMultipleChoiceField(
        label=_("Or only these"),
        required=False,
        coerce=uuid.UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Choose runners of the list only. It may have changed: look again.")
        },
    )

    def __init__(self, *args, runners: Choices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["runners"].choices = runners
        self.fields["everybody"].label = _("All of my runners ({count})").format(count=len(runners))

    def clean(self) -> dict:
        cleaned = super().clean()
        if not cleaned.get("everybody") and not cleaned.get("runners") and "runners" not in self.errors:
            self.add_error("runners", _("Choose at least one runner, or all of them."))
        return cleaned

    @property
    def chosen(self) -> list[uuid.UUID]:
        """Public ids of the consents of those who are to be handed over."""
        if self.cleaned_data["everybody"]:
            return [uuid.UUID(key) for key, _ in self.fields["runners"].choices]
        return self.cleaned_data["runners"]


class CoverForm(forms.Form):
    """Days as the wall calendar of whoever is away has them, both included."""

    colleague = ColleagueField(label=_("Who covers for you"))
    begins = forms.DateField(label=_("From"), error_messages=NO_DATE, widget=DateInput)
    until = forms.DateField(
        label=_("Until and including"),
        error_messages=NO_DATE,
        widget=DateInput,
        help_text=format_lazy(_("At most {days} days. It ends by itself."), days=MOST_DAYS_OF_A_COVER),
    )

    def __init__(
        self, *args, colleagues: Choices, today: datetime.date, zone: zoneinfo.ZoneInfo, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.zone = today, zone
        self.fields["colleague"].offer(colleagues)
        for name in ("begins", "until"):
            self.fields[name].widget.attrs["min"] = today.isoformat()

    def clean_begins(self) -> datetime.date:
        begins = self.cleaned_data["begins"]
        if begins < self.today:
            raise forms.ValidationError(_("The cover begins today or later."))
        if begins > self.today + MOST_AHEAD:
            raise forms.ValidationError(_("The cover begins within a year."))
        return begins

    def clean(self) -> dict:
        cleaned = super().clean()
        begins, until = cleaned.get("begins"), cleaned.get("until")
        if begins and until and until < begins:
            self.add_error("until", _("The last day is not before the first."))
        elif begins and until and (until - begins).days >= MOST_DAYS_OF_A_COVER:
            self.add_error(
                "until",
                _("A cover lasts at most {days} days.").format(days=MOST_DAYS_OF_A_COVER),
            )
        return cleaned

    @property
    def instants(self) -> tuple[datetime.datetime, datetime.datetime]:
        """The first moment of the first day, and the first one that is no longer covered."""
        after = self.cleaned_data["until"] + datetime.timedelta(days=1)
        return self._midnight(self.cleaned_data["begins"]), self._midnight(after)

    def _midnight(self, date: datetime.date) -> datetime.datetime:
        """In UTC: one that a clock change skips is then the moment after it."""
        return datetime.datetime.combine(date, datetime.time(), tzinfo=self.zone).astimezone(datetime.UTC)
