"""Which rows go: table by table, so that a row that is forgotten here fails a test and not a person."""

from collections.abc import Callable, Iterable

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet

from accounts.models import AccessRecord, AccountMail, Consent, HandOver, Invitation, User, ZoneChange
from programs.models import (
    Adjustment,
    CalendarFeed,
    CaseloadSeen,
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
    ReadMark,
    RedFlagCase,
    SavedView,
    SharedMessage,
    Snooze,
)

Rows = Callable[[User, list[str]], QuerySet]

#: Who she is, where she signs in, and what was sent to her: goes at once, whoever she is.
OF_THE_PERSON: tuple[Rows, ...] = (
    lambda user, addresses: MessageOwed.objects.filter(Q(enrolment__runner=user) | Q(recipient=user)),
    # How somebody worked with her list: nothing of it is part of anybody's record.
    lambda user, addresses: Snooze.objects.filter(Q(enrolment__runner=user) | Q(made_by=user)),
    lambda user, addresses: ReadMark.objects.filter(Q(enrolment__runner=user) | Q(reader=user)),
    lambda user, addresses: CaseloadSeen.objects.filter(clinician=user),
    lambda user, addresses: SavedView.objects.filter(clinician=user),
    lambda user, addresses: MailChoice.objects.filter(person=user),
    lambda user, addresses: CalendarFeed.objects.filter(runner=user),
    lambda user, addresses: ZoneChange.objects.filter(person=user),
    lambda user, addresses: AccountMail.objects.filter(Q(recipient=user) | Q(email__in=addresses)),
    lambda user, addresses: EmailConfirmation.objects.filter(email_address__user=user),
    lambda user, addresses: EmailAddress.objects.filter(user=user),
    lambda user, addresses: Authenticator.objects.filter(user=user),
    lambda user, addresses: UserSession.objects.filter(user=user),
    lambda user, addresses: User.groups.through.objects.filter(user=user),
    lambda user, addresses: User.user_permissions.through.objects.filter(user=user),
)
#: Codes that she gave, and invitations that came to her.
INVITATIONS_OF_A_RUNNER: Rows = lambda user, addresses: Invitation.objects.filter(  # noqa: E731
    Q(email__in=addresses) | Q(invited_by=user) | Q(settled_by=user) | Q(consent__runner=user)
)
#: What a physiotherapist answers for, in an order in which nothing refers to what has gone.
CLINICAL_RECORD: tuple[Rows, ...] = (
    lambda user, addresses: Decision.objects.filter(enrolment__runner=user),
    lambda user, addresses: Override.objects.filter(enrolment__runner=user),
    lambda user, addresses: RedFlagCase.objects.filter(enrolment__runner=user),
    lambda user, addresses: Adjustment.objects.filter(enrolment__runner=user),
    lambda user, addresses: ClinicalNote.objects.filter(enrolment__runner=user),
    lambda user, addresses: SharedMessage.objects.filter(enrolment__runner=user),
    lambda user, addresses: Discharge.objects.filter(enrolment__runner=user),
    lambda user, addresses: PainNote.objects.filter(entry__enrolment__runner=user),
    lambda user, addresses: DayChoice.objects.filter(enrolment__runner=user),
    lambda user, addresses: MeasureResponse.objects.filter(enrolment__runner=user),
    lambda user, addresses: NamedActivity.objects.filter(enrolment__runner=user),
    lambda user, addresses: EntryRevision.objects.filter(entry__enrolment__runner=user),
    lambda user, addresses: DiaryEntry.objects.filter(enrolment__runner=user),
    lambda user, addresses: PlannedSession.objects.filter(enrolment__runner=user),
    lambda user, addresses: Intake.objects.filter(runner=user),
    lambda user, addresses: Enrolment.objects.filter(runner=user),
    lambda user, addresses: HandOver.objects.filter(consent__runner=user),
    lambda user, addresses: Consent.objects.filter(runner=user),
    lambda user, addresses: AccessRecord.objects.filter(runner=user),
    lambda user, addresses: LogEntry.objects.filter(user=user),
)
THE_ACCOUNT: Rows = lambda user, addresses: User.objects.filter(pk=user.pk)  # noqa: E731


def addresses_of(user: User) -> list[str]:
    """Every address under which the site knows her, in small letters."""
    proved = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({address.lower() for address in (*proved, user.email) if address})


def gone(which: Iterable[Rows], user: User, addresses: list[str]) -> dict[str, int]:
    """Delete the rows; returns table -> how many. Nothing cascades: what is to go is named above."""
    counts: dict[str, int] = {}
    for rows in which:
        found = rows(user, addresses)
        table = found.model._meta.db_table
        counts[table] = counts.get(table, 0) + found._raw_delete(found.db)
    return {table: count for table, count in counts.items() if count}


def is_named_elsewhere(user: User) -> bool:
    """True where any row of any table still refers to the account."""
    for field in User._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one):
            rows = field.related_model._base_manager.filter(**{field.field.name: user.pk})
            if rows.exists():
                return True
    return False
