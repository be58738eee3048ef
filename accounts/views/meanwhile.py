"""Acts that the door let through, and that something else forbade in the moment after."""

import contextlib
from collections.abc import Iterator

from django.http import Http404

from accounts.services.errors import Refused


@contextlib.contextmanager
def refused_is_not_found() -> Iterator[None]:
    """For acts of one button: there is no form to show a refusal in.

    Her account was erased in another window, or she leads the clinic no more:
    what she presses is then not hers, which is the same as not there.
    """
    try:
        yield
    except Refused as refusal:
        raise Http404(refusal.message) from None
