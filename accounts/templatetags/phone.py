"""Who is signed in, for the scripts of the page: an id that names nobody, and what a phone needs offline."""

from django import template
from django.utils.html import format_html

from accounts.phone import phone_id

register = template.Library()


@register.simple_tag(takes_context=True)
def phone_owner(context: template.Context) -> str:
    """Say whose page this is; of a page that knows no request nothing is said, not "nobody"."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None:
        return ""
    if not user.is_authenticated or not user.is_runner:
        who = phone_id(user) if user.is_authenticated else ""
        return format_html('<meta name="rehab-user" content="{}">', who)
    return format_html(
        '<meta name="rehab-user" content="{}" data-zone="{}" data-country="{}">',
        phone_id(user),
        user.time_zone,
        user.country,
    )
