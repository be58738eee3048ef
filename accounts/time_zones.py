"""The time zones that are known here, and as a form offers them: grouped by part of the world."""

import functools
import itertools
import logging
import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

Choices = list[tuple[str, str | list[tuple[str, str]]]]
UTC = zoneinfo.ZoneInfo("UTC")


@functools.cache
def known_zones() -> frozenset[str]:
    """The names of all, looked up once: finding them walks through hundreds of files."""
    return frozenset(zoneinfo.available_timezones())


def zone_if_readable(name: str) -> zoneinfo.ZoneInfo | None:
    """Names that were good when they were chosen go: time zone data drops some of them."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        _warn(name)
        return None


def zone_or_utc(name: str) -> zoneinfo.ZoneInfo:
    """An answer about a red flag must not be lost by a zone that nobody here knows any more."""
    return zone_if_readable(name) or UTC


@functools.cache
def _warn(name: str) -> None:
    """Once for each name and process: zones are read for every row of a page."""
    logger.warning("Time zone %r is not known here any more; UTC is taken, and nobody's quiet hours", name)


@functools.cache
def zone_choices() -> Choices:
    """Return UTC first, then the regions with their places."""
    names = sorted(name for name in known_zones() if "/" in name)
    grouped = itertools.groupby(names, key=lambda name: name.split("/")[0])
    return [
        ("UTC", "UTC"),
        *((region, [(name, _place(name)) for name in group]) for region, group in grouped),
    ]


def _place(name: str) -> str:
    return name.split("/", 1)[1].replace("_", " ")


class TimeZoneField(forms.ChoiceField):
    """A list of zones; ``static/js/timezone.js`` chooses the device's own.

    ``mode`` is "fill" (take the device's zone and fold the list away) or
    "offer" (keep what is saved, offer the device's).
    """

    def __init__(self, *, mode: str = "fill", **kwargs) -> None:
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("initial", "UTC")
        kwargs.setdefault("help_text", _("Your days and reminders follow it."))
        super().__init__(choices=zone_choices, **kwargs)
        self.widget.attrs["data-time-zone"] = mode
        # For the script; %s is the place.
        self.widget.attrs |= {"data-yours": _("Your time zone: %s"), "data-change": _("Change")}
        self.widget.attrs |= {"data-here": _("This device is in %s."), "data-use": _("Use it")}

    def offer_nothing(self) -> None:
        """For whoever keeps home time: the zone of a device that is elsewhere is not offered."""
        del self.widget.attrs["data-time-zone"]
