"""Messages beside everything else: which are unread, and whether anybody would read another one."""

import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Consent, User
from accounts.statements import Given
from programs.models import Discharge, Enrolment, ReadMark, SharedMessage

#: How long questions are still answered after a programme has ended.
OPEN_AFTER_END = datetime.timedelta(days=30)


def unread_by(reader: User) -> QuerySet[SharedMessage]:
    """What others wrote to a runner; or what runners wrote, for a physiotherapist, who reads for herself."""
    if reader.is_runner:
        return unread_by_runner(reader)
    return unread_of_runners(reader)


def unread_of_runners(reader: User | Given) -> QuerySet[SharedMessage]:
    """What runners wrote about their own programmes and this physiotherapist has not read."""
    return _unmarked(reader).filter(written_by=F("enrolment__runner"))


def unread_by_runner(reader: User | Given) -> QuerySet[SharedMessage]:
    """What others wrote to her."""
    return _unmarked(reader).filter(enrolment__runner=reader).exclude(written_by=reader)


def unread_of_runner(reader: User | Given) -> QuerySet[SharedMessage]:
    """What its own runner wrote and this physiotherapist has not read, in a query for enrolments.

    It names the runner that the query has at hand: to join her enrolment once more, for each
    row of a list, was most of the work.
    """
    return _unmarked(reader).filter(enrolment=OuterRef("pk"), written_by=OuterRef("runner"))


def _unmarked(reader: User | Given) -> QuerySet[SharedMessage]:
    marks = ReadMark.objects.filter(
        reader=reader, enrolment=OuterRef("enrolment"), read_through__gte=OuterRef("written_at")
    )
    return SharedMessage.objects.filter(~Exists(marks))


def unread_column(reader: User | Given, of: QuerySet[SharedMessage] | None = None) -> Coalesce:
    """How many are unread, for a query that reads something else anyway."""
    rows = (unread_by(reader) if of is None else of).order_by()
    counted = rows.annotate(every=Value(1)).values("every").annotate(unread=Count("pk")).values("unread")
    return Coalesce(Subquery(counted), 0)


def may_still_write(enrolment: Enrolment, now: datetime.datetime) -> bool:
    """While the programme runs, and for a while after its end."""
    if enrolment.is_active:
        return True
    left = Discharge.objects.filter(enrolment=enrolment).values_list("made_at", flat=True).first()
    return (left or enrolment.closes_at) + OPEN_AFTER_END >= now


def readers_of(enrolment: Enrolment, now: datetime.datetime) -> list[Consent]:
    """Whom the runner let in, with an account that is open; the oldest grant first (one query)."""
    rows = Consent.objects.in_force(now).filter(runner=enrolment.runner_id, clinician__is_active=True)
    return list(rows.select_related("clinician").order_by("granted_at", "pk"))
