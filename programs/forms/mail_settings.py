"""Which mails somebody wants, when, and when none: one form for all of it."""

import datetime

from django import forms
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.time_zones import TimeZoneField
from programs.forms.settings import home_time_field
from programs.mailing import LONGEST_QUIET, is_quiet, quiet_for
from programs.selectors.mail_settings import KindChoice, MailsPage

#: ISO weekday -> its name; Django counts from Monday 0.
DAYS = [(str(number + 1), name) for number, name in WEEKDAYS.items()]
SHORT_DAYS = [(str(number + 1), name) for number, name in WEEKDAYS_ABBR.items()]


def _time_field(label: str, initial: datetime.time | None) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, initial=initial, widget=widget)


class MailSettingsForm(forms.Form):
    """``choices`` are the kinds; ``with_zone`` for whoever sets her time zone here."""

    no_quiet_hours = forms.BooleanField(
        label=_("No quiet hours: mails may come at any time"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args, page: MailsPage, zone: str = "", keeps_home_time: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices = page.kinds
        for choice in page.kinds:
            self._add(choice)
        self.fields["quiet_from"] = _time_field(_("Quiet from"), page.quiet_from)
        self.fields["quiet_until"] = _time_field(_("Quiet until"), page.quiet_until)
        self.fields["no_quiet_hours"].initial = not page.has_quiet_hours
        if zone:
            self._add_zone(zone, keeps_home_time)

    def _add(self, choice: KindChoice) -> None:
        name, title = choice.kind, choice.words.title
        self.fields[f"{name}_on"] = forms.BooleanField(
            label=title,
            required=False,
            initial=choice.is_on,
            widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        )
        if choice.wall is None:
            return
        self.fields[f"{name}_wall"] = _time_field(_("{mail}: time").format(mail=title), choice.wall)
        label = _("{mail}: days").format(mail=title)
        days = [str(day) for day in choice.days]
        if choice.is_weekly:
            widget = forms.Select(attrs={"class": "form-select"})
            field = forms.ChoiceField(
                label=label, choices=DAYS, required=False, initial=days[0], widget=widget
            )
        else:
            widget = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
            field = forms.MultipleChoiceField(
                label=label, choices=SHORT_DAYS, required=False, initial=days, widget=widget
            )
        self.fields[f"{name}_days"] = field

    def _add_zone(self, zone: str, keeps_home_time: bool) -> None:
        help_text = _("The times above are local times of this zone.")
        self.fields["time_zone"] = TimeZoneField(mode="offer", initial=zone, help_text=help_text)
        self.fields["keeps_home_time"] = home_time_field()
        self.fields["keeps_home_time"].initial = keeps_home_time
        if keeps_home_time:
            self.fields["time_zone"].offer_nothing()

    @property
    def kinds(self) -> list[dict]:
        """Each kind with its fields, as the page shows them."""
        return [
            {
                "choice": choice,
                "on": self[f"{choice.kind}_on"],
                "wall": self[f"{choice.kind}_wall"] if choice.wall else None,
                "days": self[f"{choice.kind}_days"] if choice.wall else None,
            }
            for choice in self.choices
        ]

    @property
    def of_zone(self) -> list[forms.BoundField]:
        return [self[name] for name in ("time_zone", "keeps_home_time") if name in self.fields]

    def clean(self) -> dict:
        data = super().clean()
        self._clean_quiet_hours(data)
        for choice in self.choices:
            if choice.wall and data.get(f"{choice.kind}_on"):
                self._clean_times(choice.kind, data)
        return data

    def _clean_quiet_hours(self, data: dict) -> None:
        if data.get("no_quiet_hours"):
            data["quiet_from"] = data["quiet_until"] = datetime.time(0)
            return
        for name in ("quiet_from", "quiet_until"):
            if name in data and data[name] is None:
                self.add_error(name, gettext("Choose a time."))
        if data.get("quiet_from") and data.get("quiet_from") == data.get("quiet_until"):
            words = gettext("Choose an end that differs from the beginning, or no quiet hours.")
            self.add_error("quiet_until", words)
        begins, ends = data.get("quiet_from"), data.get("quiet_until")
        if None not in (begins, ends) and quiet_for(begins, ends) > LONGEST_QUIET:
            hours = LONGEST_QUIET // datetime.timedelta(hours=1)
            words = gettext("Quiet hours can last {hours} hours at most.").format(hours=hours)
            self.add_error("quiet_until", words)

    def _clean_times(self, kind: str, data: dict) -> None:
        wall, days = f"{kind}_wall", f"{kind}_days"
        if wall in data and data[wall] is None:
            self.add_error(wall, gettext("Choose a time, or turn this mail off."))
        if days in data and not data[days]:
            self.add_error(days, gettext("Choose at least one day, or turn this mail off."))
        begins, ends = data.get("quiet_from"), data.get("quiet_until")
        if None not in (data.get(wall), begins, ends) and is_quiet(data[wall], begins, ends):
            self.add_error(wall, gettext("This time is inside your quiet hours."))

    def days_of(self, kind: str) -> tuple[int, ...] | None:
        """Sorted ISO weekdays; all seven are kept as any."""
        given = self.cleaned_data.get(f"{kind}_days")
        if not given:
            return None
        days = tuple(sorted(int(day) for day in given))
        return () if len(days) == len(DAYS) else days
