"""Acts of somebody whose account was erased in another window, in the moment between."""

import contextlib
from collections.abc import Iterator

from django.http import Http404

from accounts.services.errors import Refused


@contextlib.contextmanager
def erased_is_not_found() -> Iterator[None]:
    """For acts that refuse nothing else: there is no form to show the refusal in."""
    try:
        yield
    except Refused as refusal:
        raise Http404(refusal.message) from None
