"""Which rows are about a person: one query for each table of the archive."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.db.models import Model, Q, QuerySet

from accounts.models import (
    AccessRecord,
    AccountMail,
    Clinic,
    Consent,
    HandOver,
    Invitation,
    InvitationKind,
    MailStatus,
    Membership,
    User,
    ZoneChange,
)
from programs.models import (
    Adjustment,
    CalendarFeed,
    ClinicalNote,
    DayChoice,
    Decision,
    DiaryEntry,
    Discharge,
    Enrolment,
    EntryRevision,
    Intake,
    MailChoice,
    MeasureResponse,
    MessageOwed,
    NamedActivity,
    Override,
    PainNote,
    PlannedSession,
    ProgrammeVersion,
    RedFlagCase,
    SavedView,
    SharedMessage,
    Snooze,
)

Rows = dict[str, list[Model]]


def _invitations(user: User) -> QuerySet:
    """Codes that she gave and invitations that came to her; those that she sent are about others."""
    to_her = _to_her_address(user) | Q(settled_by=user) | Q(consent__runner=user)
    offered = Q(kind=InvitationKind.OFFER, invited_by=user)
    asked = Q(kind__in=[InvitationKind.ASK, InvitationKind.JOIN]) & to_her & ~Q(invited_by=user)
    return Invitation.objects.filter(offered | asked)


def _to_her_address(user: User) -> Q:
    """Her own, by whose mailbox alone she can sign in, and those that she proved.

    By another she would read somebody else's invitations.
    """
    proved = EmailAddress.objects.filter(user=user, verified=True).values("email")
    return Q(email=user.email.lower()) | Q(email__in=proved)


def _clinics(user: User) -> QuerySet:
    named = Q(memberships__clinician=user) | Q(created_by=user)
    invited = Q(pk__in=_invitations(user).filter(clinic__isnull=False).values("clinic"))
    return Clinic.objects.filter(named | invited).distinct()


def _mails(user: User) -> QuerySet:
    """Those that are settled: one on its way holds a code or a link."""
    return AccountMail.objects.filter(Q(recipient=user) | _to_her_address(user)).exclude(
        status=MailStatus.OWED
    )


def _versions(user: User) -> QuerySet:
    used = Q(enrolments__runner=user) | Q(
        pk__in=Decision.objects.filter(enrolment__runner=user).values("version")
    )
    # An edition that she moved to and left again on the same day decided nothing.
    used |= Q(pk__in=Override.objects.filter(enrolment__runner=user, version__isnull=False).values("version"))
    return ProgrammeVersion.objects.filter(used).select_related("template").distinct()


#: Table of the archive -> the rows of a person. In the order in which they were
#: written, which an import repeats.
ROWS: dict[str, Callable[[User], QuerySet]] = {
    "person": lambda user: User.objects.filter(pk=user.pk),
    "clinics": _clinics,
    "memberships": lambda user: Membership.objects.filter(clinician=user),
    "consents": lambda user: Consent.objects.filter(runner=user),
    "invitations": _invitations,
    "account_mails": _mails,
    "hand_overs": lambda user: HandOver.objects.filter(consent__runner=user),
    "access_records": lambda user: AccessRecord.objects.filter(runner=user),
    "zone_changes": lambda user: ZoneChange.objects.filter(person=user),
    "mail_choices": lambda user: MailChoice.objects.filter(person=user),
    "calendar_feeds": lambda user: CalendarFeed.objects.filter(runner=user),
    "programme_versions": _versions,
    "enrolments": lambda user: Enrolment.objects.filter(runner=user),
    "intakes": lambda user: Intake.objects.filter(runner=user),
    "diary_entries": lambda user: DiaryEntry.objects.filter(enrolment__runner=user),
    "entry_revisions": lambda user: EntryRevision.objects.filter(entry__enrolment__runner=user),
    "pain_notes": lambda user: PainNote.objects.filter(entry__enrolment__runner=user),
    "planned_sessions": lambda user: PlannedSession.objects.filter(enrolment__runner=user),
    "day_choices": lambda user: DayChoice.objects.filter(enrolment__runner=user),
    "activities": lambda user: NamedActivity.objects.filter(enrolment__runner=user),
    "measure_responses": lambda user: MeasureResponse.objects.filter(enrolment__runner=user),
    "overrides": lambda user: Override.objects.filter(enrolment__runner=user),
    "decisions": lambda user: Decision.objects.filter(enrolment__runner=user),
    "messages": lambda user: MessageOwed.objects.filter(
        Q(enrolment__runner=user) | Q(recipient=user, enrolment__isnull=True)
    ),
    "clinical_notes": lambda user: ClinicalNote.objects.filter(enrolment__runner=user),
    "shared_messages": lambda user: SharedMessage.objects.filter(enrolment__runner=user),
    "adjustments": lambda user: Adjustment.objects.filter(enrolment__runner=user),
    "red_flags": lambda user: RedFlagCase.objects.filter(enrolment__runner=user),
    "snoozes": lambda user: Snooze.objects.filter(enrolment__runner=user),
    "discharges": lambda user: Discharge.objects.filter(enrolment__runner=user),
    "saved_views": lambda user: SavedView.objects.filter(clinician=user),
}


def rows_about(user: User) -> Rows:
    """Table -> rows, in the order in which they were written."""
    return {name: list(rows(user).order_by("pk")) for name, rows in ROWS.items()}
