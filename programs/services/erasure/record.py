"""What is kept of a runner who was treated: the clinical record, under a pseudonym."""

import datetime
import uuid

from django.db.models import Q

from accounts.models import AccessRecord, Consent, HandOver, User
from programs.models import (
    Enrolment,
    EnrolmentStatus,
    EntryRevision,
    Intake,
    MeasureResponse,
    NamedActivity,
    PainNote,
    RedFlagCase,
)
from programs.services.diary import EntryValues
from programs.services.erasure.redaction import Redaction, redact_acts, redact_words
from programs.services.nobody import nobodys_address

NAME = "Erased runner"
#: Answers of an intake that a decision rests on; whatever else somebody may have written goes.
CLINICAL_ANSWERS = frozenset(
    {
        "exclusions",
        "red_flags",
        "intake_pain",
        "baseline_morning",
        "pattern",
        "consent",
        "duration",
        "skipped",
        "questions",
    }
)
CLINICAL_VALUES = frozenset(EntryValues.__slots__)


def strip_record(user: User, without: Redaction) -> None:
    """Take the person out of her own rows; inside an open erasure.

    Ids that stood in addresses of pages and in mails are new: an old link,
    beside the initials in a mailbox, leads to nobody.
    """
    enrolments = Enrolment.objects.filter(runner=user)
    redact_acts([row.pk for row in enrolments], without)
    redact_words([row.pk for row in enrolments], user.pk, without)
    for enrolment in enrolments:
        _strip_enrolment(enrolment)
    for intake in Intake.objects.filter(runner=user):
        answers = {key: value for key, value in intake.answers.items() if key in CLINICAL_ANSWERS}
        Intake.objects.filter(pk=intake.pk).redact(answers=answers)
    for revision in EntryRevision.objects.filter(entry__enrolment__runner=user):
        if not CLINICAL_VALUES.issuperset(revision.values):
            values = {key: value for key, value in revision.values.items() if key in CLINICAL_VALUES}
            EntryRevision.objects.filter(pk=revision.pk).redact(values=values)
    # Her own words may name somebody; the scores stay.
    PainNote.objects.filter(entry__enrolment__runner=user).exclude(words="").redact(words="")
    NamedActivity.objects.filter(enrolment__runner=user).redact(words="-")
    for response in MeasureResponse.objects.filter(enrolment__runner=user):
        MeasureResponse.objects.filter(pk=response.pk).redact(
            answers=[answer | {"words": "-"} for answer in response.answers]
        )
    for rows in (
        Consent.objects.filter(runner=user),
        HandOver.objects.filter(consent__runner=user),
        RedFlagCase.objects.filter(enrolment__runner=user),
    ):
        for row in rows:
            rows.filter(pk=row.pk).update(public_id=uuid.uuid4())
    # Where she herself was when she changed something.
    own_acts = AccessRecord.objects.filter(Q(actor=user) | Q(actor__isnull=True), runner=user)
    own_acts.redact(origin="")


def _strip_enrolment(enrolment: Enrolment) -> None:
    has_ended = enrolment.status != EnrolmentStatus.ACTIVE
    Enrolment.objects.filter(pk=enrolment.pk).update(
        public_id=uuid.uuid4(),
        status=enrolment.status if has_ended else EnrolmentStatus.WITHDRAWN,
        claimed_until=None,
        retry_at=None,
        failures=0,
        last_error="",
        run_days=[],
    )


def end_red_flags(user: User, now: datetime.datetime) -> None:
    """Nobody is left to look after."""
    for case in RedFlagCase.objects.filter(enrolment__runner=user, closed_at__isnull=True):
        case.closed_at, case.closed_by = max(now, case.opened_at), user
        case.save(update_fields=["closed_at", "closed_by"])


def leave_shell(user: User, now: datetime.datetime, *, name: str) -> None:
    """What is left of an account: something for rows to refer to. Nobody signs in, no mail reaches it."""
    user.email, user.name = nobodys_address(), name
    user.public_id = uuid.uuid4()
    user.time_zone, user.language, user.country = "UTC", "", ""
    user.mail_links_since, user.bounced_at, user.bounce = now, None, ""
    user.keeps_home_time = False
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login, user.date_joined = None, now
    user.erased_at = now
    user.save()
