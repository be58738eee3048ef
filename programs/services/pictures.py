"""Pictures that somebody sends: looked at before they are decoded, drawn anew, and nothing else kept.

A file is what its bytes decode to, whatever its name and type say. What is
stored is written by us from the points alone: no text, place or camera of the
file that was sent, and nothing that hides behind the picture.
"""

import datetime
import io
import warnings
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.models import User
from programs.models import ExercisePicture
from programs.models.library import LARGEST_PICTURE
from programs.services.errors import Refused

LARGEST_UPLOAD = 5 * 1024 * 1024
#: What a telephone takes, and no more: each point costs four bytes of memory.
MOST_POINTS = 30_000_000
LONGEST_SIDE, SHORTEST_SIDE = 1200, 40
FORMATS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/webp"
#: How points are kept that may be made smaller as they are.
KEPT_MODES = ("L", "LA", "RGB", "RGBA")
#: Tried in turn until the picture is small enough.
QUALITIES = ((1200, 84), (1200, 70), (1000, 65), (800, 60), (600, 50))


@transaction.atomic
def store_picture(*, by: User, now: datetime.datetime, file: BinaryIO, size: int) -> ExercisePicture:
    """Keep a picture of an exercise. Raises Refused where it is none."""
    content, (width, height) = redrawn(file, size)
    return ExercisePicture.objects.create(
        content=content, size=len(content), width=width, height=height, uploaded_at=now, uploaded_by=by
    )


def redrawn(file: BinaryIO, size: int) -> tuple[bytes, tuple[int, int]]:
    """The picture in our own format, and how wide and high it is."""
    if not 0 < size <= LARGEST_UPLOAD:
        raise _refused(_("A picture is at most 5 MB, and this file is empty or larger."))
    data = file.read(LARGEST_UPLOAD + 1)
    if len(data) > LARGEST_UPLOAD:
        raise _refused(_("A picture is at most 5 MB."))
    try:
        with warnings.catch_warnings():
            # A very large picture is only warned of; here it is refused, before its points are read.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn_anew(data)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception:
        # Decoders raise what they like at bytes that were made to break them; none of it is our fault.
        raise _refused(_("This file cannot be read as a picture. Take a JPEG, PNG or WebP file.")) from None


def _drawn_anew(data: bytes) -> tuple[bytes, tuple[int, int]]:
    with Image.open(io.BytesIO(data), formats=FORMATS) as sent:
        _check(sent)
        # A JPEG is decoded no larger than we need it, and everything made small before it is copied.
        sent.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        picture = sent if sent.mode in KEPT_MODES else sent.convert("RGBA")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        points = _on_white(ImageOps.exif_transpose(picture))
    for side, quality in QUALITIES:
        smaller = points.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        content = _written(smaller, quality)
        if len(content) <= LARGEST_PICTURE:
            return content, smaller.size
    raise _too_large()


def _check(sent: Image.Image) -> None:
    """By what the head of the file says; nothing is decoded yet."""
    width, height = sent.size
    if width * height > MOST_POINTS or max(width, height) > 12_000:
        raise _too_large()
    if min(width, height) < SHORTEST_SIDE:
        raise _refused(_("This picture is too small to show anything."))
    if max(width, height) > 10 * min(width, height):
        raise _refused(_("This picture is too long and narrow to be shown."))
    if getattr(sent, "is_animated", False):
        raise _refused(_("A picture that moves is not taken. Take one that stands still."))


def _on_white(picture: Image.Image) -> Image.Image:
    """The points alone, without anything that the file says of itself."""
    coloured = picture.convert("RGBA")
    paper = Image.new("RGB", coloured.size, "white")
    paper.paste(coloured, mask=coloured.getchannel("A"))
    return paper


def _written(picture: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return target.getvalue()


def _too_large() -> Refused:
    return _refused(_("This picture has too many points. Make it smaller, at most 30 megapixels."))


def _refused(message: str) -> Refused:
    return Refused(message, "picture")
