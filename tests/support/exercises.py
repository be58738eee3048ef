"""Exercises of a clinic's own, and pictures for them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from programs.models import LibraryItem
from programs.services.own_exercises import Upload, write_exercise

OWN = {
    "title": "Wall sit",
    "groups": ["strength"],
    "from_stage": 2,
    "direction": "neutral",
    "flexion_intolerant": {"advice": "ok", "note": "Fine."},
    "extension_intolerant": {"advice": "caution", "note": "Keep your back on the wall."},
    "default": "optional",
    "enabled_by": "anyone",
    "start": "Stand with your back against a wall.",
    "steps": ["Slide down a little.", "Hold and breathe.", "Slide up."],
    "doses": {
        "A": {"words": "2 rounds of 10 seconds", "amount": {"sets": 2, "hold_seconds": 10}},
        "B": {"words": "3 rounds of 20 seconds", "amount": {"sets": 3, "hold_seconds": 20}},
    },
    "mistakes": ["Going too deep."],
    "stop_if": ["Pain in a knee."],
    "evidence": {"text": "Chosen by a physiotherapist.", "grade": "own_choice", "source": "design"},
    "picture_alt": "A person sitting against a wall.",
}
for _dose in OWN["doses"].values():
    _dose |= {"grade": "own_choice", "source": "design"}

#: The same as somebody fills it in.
FORM = {
    "title": "Wall sit",
    "group": "strength",
    "start": "Stand with your back against a wall.",
    "steps": "Slide down a little.\nHold and breathe.\n\nSlide up.",
    "mistakes": "Going too deep.",
    "stop_if": "Pain in a knee.",
    "direction": "neutral",
    "flexion": "ok",
    "extension": "caution",
    "extension_note": "Keep your back on the wall.",
    "enabled_by": "anyone",
    "from_stage": "2",
    "words_A": "2 rounds of 10 seconds",
    "sets_A": "2",
    "hold_seconds_A": "10",
    "words_B": "3 rounds of 20 seconds",
    "sets_B": "3",
    "hold_seconds_B": "20",
}


def an_own_exercise(by: User, *, now, picture: bytes | None = None, **changes) -> LibraryItem:
    upload = Upload(io.BytesIO(picture), len(picture)) if picture is not None else None
    return write_exercise(by=by, now=now, document=OWN | changes, picture=upload)


def image_bytes(kind: str = "PNG", size: tuple[int, int] = (320, 150), mode: str = "RGB", **options) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, options.pop("colour", None) or 1).save(target, kind, **options)
    return target.getvalue()


def a_file(content: bytes, name: str = "picture.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)
