"""Mails as whoever runs the site may know them: of which sort, and why they did not go out.

That a mail tells of a pause, of which level, and about which runner is
health data, and so is “the day is logged”. A site manager needs neither. So
a pause is one of the mails about her programme, like a step forward: a safety
notice is a mail to physiotherapists, and does not say of whom.
"""

import re
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from programs.mailing import OF_RED_FLAGS
from programs.models import MessageKind as Kind


class Sort(StrEnum):
    SAFETY = "safety"
    REMINDER = "reminder"
    PROGRAMME = "programme"
    LIST = "list"
    ACCOUNT = "account"


#: Account mails are no messages of a programme, so they have no kind here.
KINDS: dict[Sort, tuple[str, ...]] = {
    Sort.SAFETY: OF_RED_FLAGS,
    Sort.REMINDER: (
        Kind.REMINDER,
        Kind.MORNING_AFTER,
        Kind.NUDGE,
        Kind.AGAIN,
        Kind.WEEKLY,
        Kind.SILENT,
    ),
    Sort.PROGRAMME: (Kind.ADVANCE, Kind.STEP_BACK, Kind.WRITTEN, Kind.PAUSE),
    Sort.LIST: (Kind.DIGEST, Kind.REVIEWS),
}
SORT_OF = {kind: sort for sort, kinds in KINDS.items() for kind in kinds}

SORTS = {
    Sort.SAFETY: _("Mail about safety"),
    Sort.REMINDER: _("Reminder"),
    Sort.PROGRAMME: _("About the programme"),
    Sort.LIST: _("Physiotherapist’s list"),
    Sort.ACCOUNT: _("Account"),
}

UNWANTED = _("not wanted any more")
TOO_LATE = _("its time was over")
#: What says nothing of a runner, however it begins.
_TOO_LATE = ("its day was over", "its time was over", "its day ended", "could not be sent in time")
#: What a server said: the name of an error, and codes. Nothing else of an outcome is shown.
_TECHNICAL = re.compile(
    r"\b(?:SMTP\w+|HTTP|\w*(?:Error|Refused|Timeout|Disconnected|Unconfirmed)|\d{3}|\d\.\d{1,3}\.\d{1,3})\b"
)


def technical(outcome: str) -> str:
    """Of what is stored the names of errors and the codes; never words, for they could tell of somebody."""
    return " ".join(_TECHNICAL.findall(outcome))


def reason_of(outcome: str, *, is_skipped: bool) -> str:
    """Why a mail did not go out, as a site manager may read it."""
    codes = technical(outcome)
    if outcome.startswith(_TOO_LATE):
        return f"{TOO_LATE}: {codes}" if codes else str(TOO_LATE)
    return str(UNWANTED) if is_skipped else codes
