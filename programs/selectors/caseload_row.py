"""One row of the caseload: a runner in words, numbers and one small picture."""

import datetime
import functools
import uuid
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.covers import Covering
from accounts.stored import is_english
from programs.caseload_words import LEVELS
from programs.charts.sparkline import Sparkline, sparkline
from programs.charts.sparkline import words as picture_words
from programs.engine.entry import NOTHING, Entry
from programs.engine.triage import NEVER_PUT_OFF, Need, NeedCode, is_put_off
from programs.engine.values import Refer
from programs.models import Enrolment
from programs.said import said
from programs.selectors.cases import Case
from programs.selectors.needs import NeedWords, words_of
from programs.selectors.phrases import day_month, day_words, sessions_words, stage_day_words
from programs.selectors.session_counts import counts, done_of_planned

WINDOW_DAYS = 14
#: Needs of whoever may be written to together with others.
HARMLESS = (NeedCode.SILENT, NeedCode.REVIEW_DUE, NeedCode.READY, NeedCode.FINE)
_NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Mark:
    """What else is true of a runner: an icon and words."""

    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """Why this physiotherapist put the runner off, and through which day."""

    until: datetime.date
    note: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """``put_off`` is None where nobody is, or where a more pressing need has come since."""

    runner_id: int
    public_id: uuid.UUID
    url: str
    name: str
    number: int
    need: Need
    words: NeedWords
    programme_key: str
    programme: str
    stage_key: str
    stage: str
    stage_day: int
    day_words: str
    spark: Sparkline
    done: int
    planned: int
    sessions: str
    last_entry: str
    refer: str
    hold_until: datetime.date | None
    is_paused: bool
    is_set_aside: bool
    is_review_due: bool
    unread: int
    #: For whom she covers; None for a runner of her own.
    covering: Covering | None
    cover_words: str
    marks: tuple[Mark, ...]
    put_off: PutOff | None
    #: Where she puts the runner off; empty where that may not be.
    put_off_url: str
    end_url: str

    @property
    def choice(self) -> str:
        """Its value among those that may be chosen."""
        return str(self.public_id)

    @property
    def may_be_chosen(self) -> bool:
        return self.need.code in HARMLESS


def may_be_put_off(need: Need) -> bool:
    """Not an open red flag, and not somebody who needs nothing."""
    return need.code not in (*NEVER_PUT_OFF, NeedCode.FINE)


def case_row(case: Case, clinician: User, covered: Covering | None) -> CaseRow:
    """``case.enrolment`` comes with what ``caseload_query.with_marks`` adds to it."""
    enrolment, runner = case.enrolment, case.enrolment.runner
    done, planned = adherence(case)
    held = enrolment.hold_until if enrolment.hold_until and enrolment.hold_until >= case.today else None
    return CaseRow(
        runner_id=enrolment.runner_id,
        public_id=enrolment.public_id,
        url=address("runner", enrolment.public_id),
        name=str(runner),
        number=enrolment.pk,
        need=case.need,
        words=words_of(case, by=clinician),
        programme_key=enrolment.programme_key,
        programme=said(enrolment.programme_title),
        stage_key=enrolment.stage,
        stage=case.stage_title,
        stage_day=case.stage_day,
        day_words=stage_day_words(case.stage_day),
        spark=_spark(case),
        done=done,
        planned=planned,
        sessions=sessions_words(done, planned),
        last_entry=last_entry_words(case),
        refer=_level(case),
        hold_until=held,
        is_paused=enrolment.is_paused,
        is_set_aside=enrolment.failures > 0,
        is_review_due=case.review is not None,
        unread=enrolment.unread,
        covering=covered,
        cover_words=_cover_words(covered),
        marks=tuple(_marks(case, held, clinician)),
        put_off=_put_off(case),
        put_off_url=address("snooze", enrolment.public_id) if may_be_put_off(case.need) else "",
        end_url=address("snooze_end", enrolment.public_id),
    )


def address(name: str, public_id: uuid.UUID) -> str:
    """The address of a page of one runner; looked up once, because a list has hundreds."""
    return _pattern(name).replace(str(_NOBODY), str(public_id))


@functools.cache
def _pattern(name: str) -> str:
    return reverse(name, args=[_NOBODY])


def _cover_words(covered: Covering | None) -> str:
    if covered is None:
        return ""
    words = _("Covering for {clinician} until {last_day}")
    return words.format(clinician=covered.clinician, last_day=day_month(covered.last_day))


def _marks(case: Case, held: datetime.date | None, reader: User):
    enrolment, code = case.enrolment, case.need.code
    if code in NEVER_PUT_OFF:
        yield Mark("person", _seen_words(enrolment, reader))
        if enrolment.flag_owner_bounces:
            yield Mark("warning", _unreached_words(enrolment.flag_owner, reader))
    if enrolment.is_paused and enrolment.runner.bounced_at:
        yield Mark("warning", _("Mails do not reach this runner: they may not know of the pause"))
    if enrolment.unread:
        words = ngettext("{count} unread message", "{count} unread messages", enrolment.unread)
        yield Mark("mail", words.format(count=enrolment.unread))
    if held:
        yield Mark("lock", _("Held until {hold_until}").format(hold_until=day_month(held)))
    if case.review is not None and code is not NeedCode.REVIEW_DUE:
        yield Mark("calendar", _("Review due"))
    if enrolment.failures and code is not NeedCode.SET_ASIDE:
        yield Mark("warning", _("An error keeps the day open"))


def _seen_words(enrolment: Enrolment, reader: User) -> str:
    """Whether a person has said that she has seen it: an owner has it by herself, seen or not."""
    if enrolment.flag_seen_at is not None:
        seen = date_format(enrolment.flag_seen_at.astimezone(reader.zone), "j F, H:i")
        return _("Seen by {name}, {seen}").format(name=enrolment.flag_seen_by, seen=seen)
    if not enrolment.flag_owner:
        return _("Not seen yet; falls to nobody so far")
    return _("Not seen yet; falls to {name}").format(name=enrolment.flag_owner)


def _unreached_words(owner: str, reader: User) -> str:
    if owner == str(reader):
        return _("Mails do not reach you")
    return _("Mails do not reach {name}: tell them of it yourself").format(name=owner)


def _put_off(case: Case) -> PutOff | None:
    enrolment = case.enrolment
    until = enrolment.put_off_until
    if until is None or not still_put_off(case, enrolment.put_off_need, until, enrolment.put_off_at):
        return None
    return PutOff(until, enrolment.put_off_note)


def still_put_off(case: Case, need: str, until: datetime.date, made_at: datetime.datetime) -> bool:
    """Does it still hold that somebody put this need off, at that instant and until that day?"""
    if case.enrolment.is_paused and case.enrolment.paused_at > made_at:
        # Of equal need as the pause that she put off, and yet another one: she has not read why.
        return False
    return is_put_off(case.need, NeedCode(need), until.toordinal(), case.today.toordinal())


def _level(case: Case) -> str:
    """The open referral: of the pause, or routine where a visit was only advised."""
    if case.facts.advised_since is not None and not case.enrolment.is_paused:
        return LEVELS[Refer.ROUTINE]
    return LEVELS.get(case.enrolment.refer, "")


def _spark(case: Case) -> Sparkline:
    """Its sentence is looked up by its pattern: to find that again by matching took longer than the page."""
    scores = [entry.rest for entry in reversed(_fortnight(case))]
    spark = sparkline(scores)
    return spark if is_english() else replace(spark, words=picture_words(scores, gettext))


def _fortnight(case: Case) -> list[Entry]:
    """What the last fourteen days count as, today first."""
    today, entries = case.today.toordinal(), case.history.entries
    return [entries.get(day, NOTHING) for day in range(today, today - WINDOW_DAYS, -1)]


def adherence(case: Case) -> tuple[int, int]:
    """Sessions done of those planned in the last 14 days."""
    days = [(entry.session, entry.planned) for entry in _fortnight(case)]
    return done_of_planned(day for back, day in enumerate(days) if counts(day, is_today=back == 0))


def last_entry_words(case: Case) -> str:
    logged = [day for day, entry in case.history.entries.items() if entry.logged]
    if not logged:
        return _("no entry yet")
    return day_words(datetime.date.fromordinal(max(logged)), case.today)
