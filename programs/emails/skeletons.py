"""Mails that thousands get in the same minute, worded once and filled in for each.

All that two reminders of one evening differ in, where language, date and plan
are the same, is a name and the tokens of their links. So the words are
rendered with stand-ins in these places, kept, and filled in by replacing.
"""

import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.translation import get_language

from accounts.emails import Words
from programs.mail_links import ASKED_BY, PUT_OFF, WITH_WAY_OUT, Purpose, token_of
from programs.models import MessageOwed

#: Nobody can write one into a plan or a name: it is another in every process.
_MARK = secrets.token_hex(12)
NAME = f"name-{_MARK}"
#: As many as an evening has of plans, languages and numbers to call; then it begins anew.
MOST_KEPT = 1000
_KINDS_WITH = {Purpose.SCORE: ASKED_BY, Purpose.AGAIN: PUT_OFF, Purpose.UNSUBSCRIBE: WITH_WAY_OUT}
_kept: dict[Hashable, Words] = {}


def filled_in(
    message: MessageOwed, name: str, context: Mapping[str, Any], render: Callable[[str], Words]
) -> Words:
    """The words of a mail: ``render`` is called with a name where nobody had a mail of this context yet.

    ``context`` is all that they depend on besides the name and the tokens, as
    values that can be compared.
    """
    tokens = {
        purpose: token_of(message, purpose) for purpose, kinds in _KINDS_WITH.items() if message.kind in kinds
    }
    key = (message.kind, get_language(), tuple(context.items()))
    skeleton = _kept.get(key)
    if skeleton is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        whole = render(NAME)
        skeleton = _kept[key] = _each(whole, {token: _stand_in(p) for p, token in tokens.items()})
    words = _each(skeleton, {_stand_in(purpose): token for purpose, token in tokens.items()})
    # The name at last: whatever somebody is called, nothing in it is filled in.
    return Words(
        subject=words.subject,
        text=words.text.replace(NAME, name),
        html=words.html.replace(NAME, escape(name)),
    )


def _stand_in(purpose: Purpose) -> str:
    return f"{purpose}-{_MARK}"


def _each(words: Words, places: Mapping[str, str]) -> Words:
    text, html = words.text, words.html
    for old, new in places.items():
        text, html = text.replace(old, new), html.replace(old, new)
    return Words(subject=words.subject, text=text, html=html)
