"""The tags that every page is built with: icons, cards, notices, navigation.

They live in the lowest app so that every area may load them; they know
nothing of programmes, only of how a page looks.
"""

import re
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from accounts.templatetags.filled import fixed

register = template.Library()

#: The icon that goes with a tone where the page names no other.
TONE_ICONS = {
    "advance": "advance",
    "hold": "hold",
    "step-back": "step-back",
    "pause": "pause",
    "flag": "flag",
    "info": "info",
    "neutral": "info",
    "success": "check",
}

#: Three digits at least: nothing shorter is dialled, and doses are shorter.
_NUMBER = re.compile(r"(\+?[0-9](?:[ -]?[0-9]){2,})")


@register.simple_tag
def picture_address(picture: str) -> str:
    """Where a picture is: among the static files, or at an address of ours, which begins with a slash."""
    return picture if picture.startswith("/") else static(picture)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; the word beside it carries the meaning."""
    return _drawn(static("icons/sprite.svg"), name)


@lru_cache(maxsize=256)
def _drawn(sprite: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.filter
def tone_icon(tone: str) -> str:
    return TONE_ICONS.get(tone, "info")


@register.filter
def numbers_to_call(words: str) -> SafeString:
    """Every telephone number in the words as a link that dials it; where no button does already."""
    parts = _NUMBER.split(str(words))
    linked = (
        format_html('<a href="tel:{}">{}</a>', re.sub(r"[ -]", "", part), part) if place % 2 else part
        for place, part in enumerate(parts)
    )
    return format_html_join("", "{}", ((part,) for part in linked))


@register.simple_block_tag
def card(content: SafeString, **options) -> str:
    """Frame a part of the page: ``title icon tone level id``, all optional."""
    return render_to_string("components/card.html", {"level": 2, **options, "body": content})


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info", **options) -> str:
    """Say one thing with a tone, an icon and words: ``tone title icon role``."""
    return render_to_string("components/alert.html", {"tone": tone, **options, "body": content})


@register.simple_tag
def language_tag() -> str:
    """Name the language that the page is in, as ``lang`` takes it: en-GB, zh-Hans."""
    return to_locale(get_language()).replace("_", "-")


@register.simple_tag(takes_context=True)
def nav_item(context: template.Context, url_name: str, label: str, icon: str, also: str = "") -> SafeString:
    """One entry of the main navigation; it knows whether it is the current page."""
    try:
        url = reverse(url_name)
    except NoReverseMatch:  # an area that this installation does not have
        return SafeString()
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.view_name if match else ""
    current = here == url_name or here in also.split()
    return fixed("components/nav_item.html", url=url, label=label, icon=icon, current=current)
