"""Answers of an intake that is not finished: kept in the session, for a day at most.

An older draft is dropped: what was new or getting worse may have changed.
"""

import datetime

from django.http import HttpRequest

KEY = "intake"
LIFETIME = datetime.timedelta(hours=24)


class Draft:
    """Step name -> its answers, as JSON can hold them."""

    def __init__(self, request: HttpRequest, now: datetime.datetime):
        self._session, self._now = request.session, now
        kept = self._session.get(KEY)
        is_fresh = kept and now - datetime.datetime.fromisoformat(kept["began"]) < LIFETIME
        self._kept = kept if is_fresh else {"began": now.isoformat(), "steps": {}}

    def answers(self, step: str) -> dict | None:
        return self._kept["steps"].get(step)

    @property
    def began(self) -> str:
        return self._kept["began"]

    @property
    def merged(self) -> dict:
        """All answers so far in one mapping; no two steps ask the same."""
        return {name: value for answers in self._kept["steps"].values() for name, value in answers.items()}

    def keep(self, step: str, answers: dict) -> None:
        self._kept["steps"][step] = answers
        self._session[KEY] = self._kept

    def drop(self) -> None:
        self._session.pop(KEY, None)
