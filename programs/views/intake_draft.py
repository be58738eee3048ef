"""Answers of an intake that is not finished: kept in the session, for a day at most.

An older draft is dropped: what was new or getting worse may have changed.
"""

import datetime

from django.http import HttpRequest

from programs.forms.intake import CONSENT_TEXT_VERSION, pattern_of
from programs.selectors.intake import STEPS, Questions
from programs.services.enrolments import IntakeAnswers

KEY = "intake"
LIFETIME = datetime.timedelta(hours=24)


class Draft:
    """Step name -> its answers, as JSON can hold them."""

    def __init__(self, request: HttpRequest, now: datetime.datetime):
        self._session, self._now = request.session, now
        kept = self._session.get(KEY)
        is_fresh = kept and now - datetime.datetime.fromisoformat(kept["began"]) < LIFETIME
        self._kept = kept if is_fresh else {"began": now.isoformat(), "steps": {}}

    @property
    def first_open(self) -> str:
        """The first step that is not answered; the last where all are."""
        return next((name for name in STEPS if self.answers(name) is None), list(STEPS)[-1])

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


def answers_of(draft: Draft, asked: Questions) -> IntakeAnswers:
    """What the service needs, from all steps so far."""
    given = draft.merged
    reminder = given.get("reminder_time")
    return IntakeAnswers(
        exclusions=tuple(q.code for q in asked.exclusions if given.get(q.code)),
        red_flags=tuple(q.code for q in asked.red_flags if given.get(q.code)),
        intake_pain=given.get("intake_pain"),
        baseline_morning=given.get("baseline_morning"),
        pattern=pattern_of(given),
        reminder_time=datetime.time.fromisoformat(reminder) if reminder else None,
        notes={
            "consent": {"text_version": CONSENT_TEXT_VERSION, "given_at": draft.began},
            "duration": given.get("duration"),
            "skipped": [q.code for q in asked.red_flags if q.code in given and given[q.code] is None],
            "questions": asked.numbers,
        },
    )
