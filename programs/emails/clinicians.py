"""To physiotherapists: initials and how pressing it is; details only behind the sign-in."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.emails import Words
from accounts.links import page
from programs.emails.content import Content
from programs.emails.letters import worded
from programs.engine.values import Refer
from programs.models import MessageOwed

#: Refer level -> how pressing it is for the physiotherapist, and what the runner was told.
_PRESSING = {
    Refer.ROUTINE: (
        _("please see this runner soon"),
        _("The runner was asked to see a physiotherapist or a GP."),
    ),
    Refer.URGENT: (_("urgent, today"), _("The runner was asked to get advice today.")),
    Refer.EMERGENCY: (
        _("emergency, now"),
        _("The runner was told to call for emergency care. Please make sure that it has happened."),
    ),
}


def clinician_pause(message: MessageOwed, content: Content) -> Words:
    pressing, advice = _PRESSING[message.level]
    context = {
        "initials": message.enrolment.runner.initials,
        "level": message.level,
        "pressing": pressing,
        "advice": advice,
        "settings_link": page("account"),
        "link": page("runner", message.enrolment.public_id),
        "letter_link": page("runner_letter", message.enrolment.public_id),
    }
    return worded(message, content, "clinician_pause", context)


def flag_unseen(message: MessageOwed, content: Content) -> Words:
    """To a lead: who looks after it, how pressing, since when. The runner only to whom she lets in.

    Read at the moment of sending: it may have been seen a second ago, and whom
    she lets in is what holds then.
    """
    enrolment = message.enrolment
    case = enrolment.red_flag_cases.select_related("owner").filter(closed_at__isnull=True).get()
    with_link = content.context.get("lets_in", False)
    context = {
        "level": case.level,
        "owner": case.owner,
        "since": timezone.localtime(case.opened_at, message.recipient.zone),
        "is_late": case.escalated_at is not None,
        "link": page("runner", enrolment.public_id) if with_link else page("workload"),
        "with_link": with_link,
        "settings_link": page("account"),
    }
    return worded(message, content, "flag_unseen", context)


def digest(message: MessageOwed, content: Content) -> Words:
    """Who needs her today: counts, and the first of them by initials."""
    return worded(message, content, "digest", {"link": page("caseload")})


def reviews(message: MessageOwed, content: Content) -> Words:
    """Acts whose review date has come."""
    return worded(message, content, "reviews", {"link": page("caseload")})
