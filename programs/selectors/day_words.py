"""Dates as a page writes them, in the reader's language."""

import datetime
from functools import lru_cache

from django.utils.dateformat import format as format_instant
from django.utils.translation import get_language, pgettext

#: Dates in words that a process keeps: of every runner the same, so a year in each form and language.
_MOST = 8192


def format_date(date: datetime.date, words: str) -> str:
    """By a format of Django's date filter; asked for many times on a page."""
    return _formatted(date, words, get_language())


@lru_cache(_MOST)
def _formatted(date: datetime.date, words: str, language: str | None) -> str:
    return format_instant(date, words)


def day_month(date: datetime.date) -> str:
    # Translators: a format of Django's date filter: day and short month.
    return format_date(date, pgettext("date format", "j M"))


def weekday_day_month(date: datetime.date) -> str:
    # Translators: a format of Django's date filter: short weekday, day and short month.
    return format_date(date, pgettext("date format", "D j M"))


def weekday_month(date: datetime.date) -> str:
    # Translators: a format of Django's date filter: weekday, day and month in full.
    return format_date(date, pgettext("date format", "l j F"))


def full_day(date: datetime.date) -> str:
    # Translators: a format of Django's date filter: day, month and year.
    return format_date(date, pgettext("date format", "j F Y"))


def weekday_full_day(date: datetime.date) -> str:
    # Translators: a format of Django's date filter: short weekday, day, month and year.
    return format_date(date, pgettext("date format", "D j M Y"))


def full_instant(instant: datetime.datetime) -> str:
    # Translators: a format of Django's date filter: day, short month, year and wall time.
    return format_instant(instant, pgettext("date format", "j M Y, H:i"))


def tick_words(date: datetime.date, is_month: bool) -> str:
    """A date under a chart."""
    # Translators: a format of Django's date filter: short month and year.
    return format_date(date, pgettext("date format", "M Y")) if is_month else day_month(date)
