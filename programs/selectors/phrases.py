"""Short phrases that a list says hundreds of times: looked up once in each language."""

import datetime
import functools

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

#: Different ones that are kept of each kind.
MOST = 2000


def day_words(date: datetime.date, today: datetime.date) -> str:
    """A past date as people say it."""
    return _ago(max((today - date).days, 0), get_language())


@functools.lru_cache(MOST)
def _ago(days: int, language: str) -> str:
    if days < 2:
        return (_("today"), _("yesterday"))[days]
    return ngettext("{days} day ago", "{days} days ago", days).format(days=days)


def day_month(date: datetime.date) -> str:
    """A date without its year."""
    return _day_month(date, get_language())


@functools.lru_cache(MOST)
def _day_month(date: datetime.date, language: str) -> str:
    return date_format(date, "j F")


def stage_day_words(days: int) -> str:
    return _stage_day(days, get_language())


@functools.lru_cache(MOST)
def _stage_day(days: int, language: str) -> str:
    return _("day {stage_day}").format(stage_day=days)


def sessions_words(done: int, planned: int) -> str:
    return _sessions(done, planned, get_language())


@functools.lru_cache(MOST)
def _sessions(done: int, planned: int, language: str) -> str:
    return _("{done} of {planned}").format(done=done, planned=planned) if planned else _("none planned")
