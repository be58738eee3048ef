"""A link as a picture for another phone's camera."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(link: str) -> SafeString:
    """Draw the link as an inline SVG without style attributes, which our pages would refuse.

    Black on white with the quiet zone, whatever the page around it looks like.
    """
    code = segno.make(link, micro=False, error="m")
    drawn = code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff")
    return mark_safe(drawn)  # noqa: S308 - shapes of our own link; nobody's text is in it
