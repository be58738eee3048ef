"""The only doors to an object. Not yours is 404: nobody learns that it exists."""

import datetime
import uuid

from django.db.models import BigIntegerField, DateTimeField, Q, QuerySet, UUIDField
from django.http import Http404

from accounts.models import User
from accounts.statements import Given, ObjectStatement
from programs.adjusting.in_force import adjusted_column
from programs.clinic_defaults import clinic_column, clinic_defaults_of, close_hour
from programs.correspondence import unread_by_runner, unread_column
from programs.engine.calendar import closing_instant, local_date
from programs.mail_links import ASKED_BY, PUT_OFF, Purpose, message_of
from programs.models import (
    Enrolment,
    EnrolmentStatus,
    MessageOwed,
    PainNote,
    ProgrammeTemplate,
    ProgrammeVersion,
    RedFlagCase,
    VersionStatus,
)
from programs.shelf import edition_column


def own_enrolment(user: User) -> Enrolment | None:
    """The runner's active enrolment, or None where she has none yet.

    ``library_edition``, ``adjusted_rows`` and ``clinic_row`` come with it: pages then need no query for
    the library, for what was changed of it for her, nor for the numbers that her clinic tells her to call.
    So does ``unread``, how many messages wait for her. Its ``runner`` is ``user``, who was read already.
    """
    enrolment = _own_enrolment.first(runner=user.pk)
    if enrolment is not None:
        enrolment.runner = user
    return enrolment


@ObjectStatement
def _own_enrolment() -> QuerySet[Enrolment]:
    runner = Given("runner", BigIntegerField())
    mine = Enrolment.objects.active().filter(runner=runner).select_related("version__template")
    mine = mine.annotate(library_edition=edition_column(), adjusted_rows=adjusted_column())
    unread = unread_column(runner, unread_by_runner(runner))
    return mine.annotate(clinic_row=clinic_column(), unread=unread).order_by("-created_at")[:1]


def ended_enrolment(user: User) -> Enrolment | None:
    """Her last programme that was brought to an end, with how it ended; None where there is none."""
    ended = Enrolment.objects.exclude(status=EnrolmentStatus.ACTIVE).filter(
        runner=user, discharge__isnull=False
    )
    ended = ended.select_related("runner", "version__template", "discharge__made_by")
    ended = ended.annotate(library_edition=edition_column())
    return ended.order_by("-discharge__made_at", "-pk").first()


def own_programmes(user: User) -> list[Enrolment]:
    """All of hers, the active one first, then the newest."""
    mine = Enrolment.objects.filter(runner=user).select_related("runner")
    mine = mine.annotate(clinic_row=clinic_column()).order_by("-created_at", "-pk")
    return sorted(mine, key=lambda enrolment: not enrolment.is_active)


def own_note(enrolment: Enrolment, key: uuid.UUID) -> PainNote:
    """A pain note of this runner, withdrawn or not. Raises Http404."""
    note = PainNote.objects.filter(entry__enrolment=enrolment, key=key).select_related("entry").first()
    if note is None:
        raise Http404("No such note.")
    return note


def enrolment_for(user: User, public_id: uuid.UUID, now: datetime.datetime) -> Enrolment:
    """An enrolment that this person may see. Raises Http404."""
    if user.is_clinician:
        enrolment = _on_caseload.first(clinician=user.pk, now=now, public_id=public_id)
    else:
        visible = Enrolment.objects.visible_to(user, now)
        enrolment = _with_all_of_it(visible.filter(public_id=public_id)).first()
    if enrolment is None:
        raise Http404("No such runner.")
    return enrolment


@ObjectStatement
def _on_caseload() -> QuerySet[Enrolment]:
    clinician, now = Given("clinician", BigIntegerField()), Given("now", DateTimeField())
    hers = Enrolment.objects.on_caseload_of(clinician, now)
    return _with_all_of_it(hers.filter(public_id=Given("public_id", UUIDField())))


def _with_all_of_it(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    return enrolments.select_related("runner", "version__template").annotate(
        adjusted_rows=adjusted_column(), clinic_row=clinic_column(), library_edition=edition_column()
    )


def red_flag_for(user: User, public_id: uuid.UUID, now: datetime.datetime) -> RedFlagCase:
    """A red flag, open or not, of a runner whom this person may see. Raises Http404."""
    visible = RedFlagCase.objects.filter(enrolment__in=Enrolment.objects.visible_to(user, now))
    case = visible.filter(public_id=public_id).select_related("enrolment__runner").first()
    if case is None:
        raise Http404("No such red flag.")
    return case


def template_for(user: User, key: str) -> ProgrammeTemplate:
    """A programme of her own or of her clinic; what is shipped is nobody's. Raises Http404."""
    template = ProgrammeTemplate.objects.owned_by(user).filter(key=key).first()
    if template is None:
        raise Http404("No such programme.")
    return template


def draft_for(user: User, key: str) -> ProgrammeVersion:
    """The draft of her programme of that key. Raises Http404."""
    template = template_for(user, key)
    draft = template.versions.filter(status=VersionStatus.DRAFT).select_related("template").first()
    if draft is None:
        raise Http404("No such draft.")
    return draft


def readable_template(user: User, key: str, now: datetime.datetime) -> ProgrammeTemplate:
    """What is shipped, or hers. Raises Http404."""
    template = ProgrammeTemplate.objects.open_to(user, now).filter(key=key).first()
    if template is None:
        raise Http404("No such programme.")
    return template


def own_edition(user: User, key: str, number: int) -> ProgrammeVersion:
    """An edition of her own programme that was published. Raises Http404."""
    editions = template_for(user, key).versions.exclude(status=VersionStatus.DRAFT)
    edition = editions.filter(number=number).select_related("template").first()
    if edition is None:
        raise Http404("No such edition.")
    return edition


def edition_to_take_along(user: User, key: str, number: int, now: datetime.datetime) -> ProgrammeVersion:
    """An edition that she may read, or a draft of her own. Raises Http404."""
    own = ProgrammeTemplate.objects.owned_by(user).filter(key=key).values("pk")
    readable = ProgrammeVersion.objects.readable_by(user, now).values("pk")
    editions = ProgrammeVersion.objects.filter(template__key=key, number=number).select_related("template")
    edition = editions.filter(Q(template__in=own) | Q(pk__in=readable)).first()
    if edition is None:
        raise Http404("No such edition.")
    return edition


def edition_to_copy(user: User, key: str, number: int) -> ProgrammeVersion:
    """A published edition of what is shipped, or any that is hers. Raises Http404."""
    shipped = ProgrammeTemplate.objects.shipped().filter(key=key).values("pk")
    own = ProgrammeTemplate.objects.owned_by(user).filter(key=key).values("pk")
    editions = ProgrammeVersion.objects.filter(number=number).select_related("template")
    hers = Q(template__in=own) | Q(template__in=shipped, status=VersionStatus.PUBLISHED)
    edition = editions.filter(hers).first()
    if edition is None:
        raise Http404("No such edition.")
    return edition


def asked_by_link(token: str, now: datetime.datetime) -> MessageOwed | None:
    """The mail whose link gives one score, while its day can take one; None for whatever else came.

    The link is the authority, so nobody is asked who she is. It dies when the
    local day ends, whether the job that closes it has run or not.
    """
    message = message_of(token, Purpose.SCORE)
    return message if message and message.kind in ASKED_BY and _day_is_open(message, now) else None


def put_off_by_link(token: str, now: datetime.datetime) -> MessageOwed | None:
    """The mail that can still come again on its local date; None for whatever else came."""
    message = message_of(token, Purpose.AGAIN)
    if message is None or message.kind not in PUT_OFF or not _day_is_open(message, now):
        return None
    return message if message.local_date == local_date(now, message.recipient.zone) else None


def left_by_link(token: str) -> MessageOwed | None:
    """The mail whose kind can be left by its link, however old it is; a closed account gets none anyway."""
    message = message_of(token, Purpose.UNSUBSCRIBE)
    return message if message and message.recipient.is_active else None


def _day_is_open(message: MessageOwed, now: datetime.datetime) -> bool:
    """Of a programme of hers that goes on: a date that has come and is not decided."""
    enrolment, runner, date = message.enrolment, message.recipient, message.local_date
    if not (runner.is_active and enrolment.is_active and enrolment.runner_id == runner.pk):
        return False
    if not max(enrolment.started_on, enrolment.open_date) <= date <= local_date(now, runner.zone):
        return False
    return now < closing_instant(date, runner.zone, close_hour(clinic_defaults_of(enrolment)))


def person_for_operator(name: str) -> User | None:
    """Somebody by her address, or by the reference under which a record was kept; for commands only."""
    by_address = User.objects.filter(email__iexact=name).first()
    if by_address:
        return by_address
    try:
        return User.objects.filter(public_id=uuid.UUID(name)).first()
    except ValueError:
        return None
