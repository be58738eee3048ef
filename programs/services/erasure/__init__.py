"""Erasing people: everything at once, or the person at once and the clinical record after its time."""

from programs.services.erasure.whole import erase, erase_kept

__all__ = ["erase", "erase_kept"]
