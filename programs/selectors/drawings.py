"""Which drawing goes with an exercise, with labels in the reader's language where there are such."""

import functools

from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils.translation import get_language


def picture_of(key: str, document: dict | None = None) -> str:
    """Path among the static files; empty for a clinic's own exercise that has none.

    The picture of one that has is an address of ours, which begins with a slash.
    """
    own = (document or {}).get("picture", "")
    if own:
        return reverse("exercise_picture", args=[own])
    return _found(f"exercises/{get_language() or ''}/{key}.svg") or _found(f"exercises/{key}.svg")


def moving_of(key: str) -> str:
    """Path of the drawing that moves, which has no words; empty where there is none."""
    return _found(f"exercises/moving/{key}.svg")


@functools.cache
def _found(path: str) -> str:
    return path if finders.find(path) else ""
