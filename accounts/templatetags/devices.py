"""Say what a browser calls itself in words that its owner knows again."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

#: In this order: later ones put the names of earlier ones into theirs.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"))
BROWSERS += (("SamsungBrowser/", "Samsung Internet"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"))
BROWSERS += (("Safari/", "Safari"),)
SYSTEMS = (
    ("iPhone", _("an iPhone")),
    ("iPad", _("an iPad")),
    ("Android", "Android"),
    ("CrOS", _("a Chromebook")),
)
SYSTEMS += (("Windows", "Windows"), ("Mac OS X", _("a Mac")), ("Linux", "Linux"))


@register.filter
def device(user_agent: str) -> str:
    """Return such as "Firefox on Windows"; a guess, for nothing but reading."""
    browser = _first(BROWSERS, user_agent) or _("A browser")
    system = _first(SYSTEMS, user_agent)
    return _("{browser} on {system}").format(browser=browser, system=system) if system else browser


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
