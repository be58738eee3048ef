"""What a mail says besides its own row; whoever delivers hands it over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from programs.engine.snapshot import Contacts


@dataclass(frozen=True, slots=True)
class Content:
    """``context`` goes into the templates of the kind, worded in the recipient's language.

    ``skip``: why there is nothing to say, and so no mail; empty where there is.
    ``told``: ids of the runners of whom the mail tells somebody else; each is a
    record of access once it is sent. ``contacts``: whom the runner of the
    message calls, where that was read already.
    """

    context: Mapping[str, Any] = field(default_factory=dict)
    skip: str = ""
    told: tuple[int, ...] = ()
    contacts: Contacts | None = None
    #: A mail that somebody sent herself to see it: no link in it does anything.
    is_test: bool = False


NOTHING_MORE = Content()
