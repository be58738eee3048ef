"""What a lead fills in about how her clinic works."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import EitherField
from accounts.models import TellsOf
from accounts.models.clinic import (
    LATEST_CLOSE_HOUR,
    LONGEST_NUMBER,
    MOST_SILENT_DAYS,
    bare_number,
    can_be_dialled,
)
from accounts.time_zones import TimeZoneField

DAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)


def _hour(number: int) -> str:
    return f"{number:02d}:00"


def close_hours() -> list[tuple[str, str]]:
    """As the site is set, then every hour of the night and of the morning."""
    site = _("As this site is set ({hour})").format(hour=_hour(settings.REHAB_CLOSE_HOUR))
    return [("", site), *((str(hour), _hour(hour)) for hour in range(LATEST_CLOSE_HOUR + 1))]


def _whole_number(text: str) -> int | None:
    return int(text) if text else None


class ClinicSettingsForm(forms.Form):
    close_hour = forms.TypedChoiceField(
        label=_("When a runner’s day closes"),
        choices=close_hours,
        coerce=_whole_number,
        empty_value=None,
        required=False,
        help_text=_(
            "Local time of the runner, in the night after the day. "
            "A new hour counts from the next day that begins."
        ),
    )
    emergency_number = forms.CharField(
        label=_("Emergency number"),
        required=False,
        max_length=LONGEST_NUMBER,
        help_text=_(
            "Every runner of this clinic is told to call it in an emergency, except those who chose "
            "another country. Empty: as this site is set. Check it with care before you save."
        ),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    urgent_service = forms.CharField(
        label=_("Whom to contact for advice on the same day"),
        required=False,
        max_length=120,
        help_text=_("In words, with the number. Empty: as this site is set."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tells_of_red_flags = forms.ChoiceField(
        label=_("Who is told at once of a red flag"),
        choices=TellsOf.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "A lead who has no access reads how pressing it is and who looks after it, never who the "
            "runner is. After four working hours unseen, leads are told in any case."
        ),
    )
    silent_from_days = forms.IntegerField(
        label=_("Days without an entry after which a runner counts as silent"),
        min_value=1,
        max_value=MOST_SILENT_DAYS,
    )
    time_zone = TimeZoneField(
        mode="offer", label=_("Time zone of the clinic"), help_text=_("The working hours follow it.")
    )
    opens_at = forms.TimeField(
        label=_("Opens at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    shuts_at = forms.TimeField(
        label=_("Shuts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one working day.")},
    )
    red_flags_at_night = EitherField(
        label=_("Mails about red flags in the night"),
        yes=_("go out at once"),
        no=_("wait until quiet hours are over"),
        help_text=_(
            "Everybody has quiet hours of her own. If these mails wait, a red flag of the evening may be "
            "read only the next morning. The runner is told at once in any case whom to call."
        ),
    )
    mails_name_runners = EitherField(
        label=_("Morning mails to physiotherapists"),
        yes=_("name runners and say why they need somebody, with scores and symptoms"),
        no=_("have initials and links, no names and no scores"),
        help_text=_("Others may look into a mailbox. What is not in the mail stands behind the sign-in."),
    )

    def clean_emergency_number(self) -> str:
        """Here as well as in the service, so that it is told together with every other fault."""
        written = self.cleaned_data["emergency_number"]
        if written and not can_be_dialled(bare_number(written)):
            raise forms.ValidationError(
                gettext("Enter only what a phone can dial, such as 112 or +44 20 7946 0000.")
            )
        return written

    def clean(self) -> dict:
        cleaned = super().clean()
        opens_at, shuts_at = cleaned.get("opens_at"), cleaned.get("shuts_at")
        if opens_at and shuts_at and shuts_at <= opens_at:
            self.add_error("shuts_at", _("The clinic must shut after it opens, on the same day."))
        return cleaned
