"""One function per message: rows in, an e-mail with text and HTML out.

Subjects never name a score, a stage or an injury: they show on locked screens.
Links are built from SITE_URL and from nothing that a request says.
"""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.emails import in_language_of
from accounts.models import Consent
from programs.engine.values import Refer
from programs.models import MessageKind, MessageOwed
from programs.presentation import dialled
from programs.said import said
from programs.snapshots import contacts_of


def site_link(name: str, *args) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _email(message: MessageOwed, connection, template: str, context: dict) -> EmailMultiAlternatives:
    numbers = contacts_of(message.enrolment)
    context = {
        "recipient": message.recipient,
        "settings_link": site_link("settings"),
        "site_url": settings.SITE_URL,
        "emergency_number": said(numbers.emergency_number),
        "call": dialled(numbers.emergency_number),
        "urgent_service": said(numbers.urgent_service),
        **context,
    }
    subject = render_to_string(f"emails/{template}-subject.txt", context)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"emails/{template}-body.txt", context),
        to=[message.recipient.email],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    mail.attach_alternative(render_to_string(f"emails/{template}-body.html", context), "text/html")
    return mail


def reminder(message: MessageOwed, connection) -> EmailMultiAlternatives:
    """Today's question, with a link to the check-in."""
    return _email(
        message, connection, "reminder", {"link": site_link("check_in"), "date": message.local_date}
    )


def advance(message: MessageOwed, connection) -> EmailMultiAlternatives:
    return _about_decision(message, connection, "advance")


def step_back(message: MessageOwed, connection) -> EmailMultiAlternatives:
    return _about_decision(message, connection, "step_back")


def pause(message: MessageOwed, connection) -> EmailMultiAlternatives:
    return _about_decision(message, connection, "pause", link="paused")


def _about_decision(
    message: MessageOwed, connection, template: str, *, link: str = "today"
) -> EmailMultiAlternatives:
    """The decision with its reason; stage titles come from the edition that decided."""
    # She may have been moved to another programme since.
    decision = message.decision
    version = decision.version
    context = {
        "decision": decision,
        "stage_title": said(version.stage_title(decision.stage_after)),
        "reason": said(decision.reason),
        "link": site_link(link),
        "why_link": site_link("why"),
    }
    return _email(message, connection, template, context)


def clinician_pause(message: MessageOwed, connection) -> EmailMultiAlternatives:
    """To the physiotherapist: initials and how pressing it is; details only behind the sign-in."""
    pressing, advice = _PRESSING[message.level]
    context = {
        "initials": message.enrolment.runner.initials,
        "level": message.level,
        "pressing": pressing,
        "advice": advice,
        "settings_link": site_link("account"),
        "link": site_link("runner", message.enrolment.public_id),
        "letter_link": site_link("runner_letter", message.enrolment.public_id),
    }
    return _email(message, connection, "clinician_pause", context)


def flag_unseen(message: MessageOwed, connection) -> EmailMultiAlternatives:
    """To a lead: who looks after it, how pressing, since when. The runner only to whom she lets in."""
    enrolment = message.enrolment
    case = enrolment.red_flag_cases.select_related("owner").filter(closed_at__isnull=True).get()
    lets_in = Consent.objects.in_force(message.due_at).filter(
        runner=enrolment.runner_id, clinician=message.recipient_id
    )
    with_link = lets_in.exists()
    context = {
        "level": case.level,
        "owner": case.owner,
        "since": timezone.localtime(case.opened_at, message.recipient.zone),
        "is_late": case.escalated_at is not None,
        "link": site_link("runner", enrolment.public_id) if with_link else site_link("workload"),
        "with_link": with_link,
        "settings_link": site_link("account"),
    }
    return _email(message, connection, "flag_unseen", context)


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

_BUILDERS = {
    MessageKind.REMINDER: reminder,
    MessageKind.ADVANCE: advance,
    MessageKind.STEP_BACK: step_back,
    MessageKind.PAUSE: pause,
    MessageKind.CLINICIAN_PAUSE: clinician_pause,
    MessageKind.FLAG_UNSEEN: flag_unseen,
}


def email_for(message: MessageOwed, connection=None) -> EmailMultiAlternatives:
    """Build the e-mail of a message owed, in the language of whoever gets it."""
    with in_language_of(message.recipient):
        return _BUILDERS[message.kind](message, connection)
