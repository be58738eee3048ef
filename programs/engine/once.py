"""A property that is worked out on first use."""

from collections.abc import Callable


class once:  # noqa: N801 - used as a decorator, like property
    """As ``functools.cached_property``, without its lock, which on Python 3.11 costs more than most rules.

    Two threads may both work a value out; it is the same, because facts never change.
    """

    def __init__(self, work: Callable):
        self.work = work
        self.name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, instance, owner=None):
        value = instance.__dict__[self.name] = self.work(instance)
        return value
