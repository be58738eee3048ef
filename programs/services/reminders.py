"""The former name of ``by_the_clock``."""

from programs.services.by_the_clock import owe_by_the_clock

__all__ = ["owe_by_the_clock"]
