"""The way back in for a runner whom no physiotherapist looks after: her own statement that she was seen.

Only a person ends a pause (INV-05). Where nobody has access, that person is
the runner, after somebody has seen her; she restarts at the gentlest step.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from programs.engine.values import Trigger
from programs.library.loader import RED_FLAG
from programs.models import Decision, Enrolment, LibraryItem, Override, OverrideKind
from programs.models.decision import LONGEST_ADVICE, LONGEST_NAME
from programs.services import acts
from programs.services.errors import Refused
from programs.services.holds import refuse_while_held
from programs.services.messages import clinicians_of
from programs.snapshots import programmes_of
from programs.way_back import Wait, counts_since, looked_after, wait_of

SHORTEST_WORDS = 3
#: Together with the rest of the statement they stay in the ledger and on one page of the letter.


@dataclass(frozen=True, slots=True)
class Statement:
    """Who saw her, on which day, what she was told, and the warning signs that she answered with no."""

    assessed_by: str
    assessed_on: datetime.date
    advice: str
    denied: Collection[str]

    def words(self) -> str:
        """As it stands in the ledger."""
        when = f"{self.assessed_on.day} {self.assessed_on:%B %Y}"
        return (
            f"I have been seen and told I may continue. Seen by {self.assessed_by.strip()} on {when}. "
            f"Advice: {_ended(self.advice.strip())} None of the warning signs is new or getting worse."
        )


def _ended(words: str) -> str:
    """With a full stop after them, unless they end a sentence already."""
    return words if words.endswith((".", "!", "?", "。", "！", "？")) else f"{words}."


@transaction.atomic
def clear_by_own_statement(
    *, enrolment: Enrolment, by: User, now: datetime.datetime, statement: Statement, origin: str = ""
) -> Decision:
    """End the pause and restart at the programme's floor. Raises Refused.

    A warning sign that is answered with yes does not come here: it is
    reported, and pauses again.
    """
    enrolment, today = acts.opened(enrolment, now)
    _refuse_others(enrolment, by, now)
    refuse_while_held()
    _check(statement, enrolment, today)
    programme = programmes_of([enrolment.version_id])[enrolment.version_id]
    act = Override.objects.create(
        enrolment=enrolment,
        kind=OverrideKind.SELF_CLEAR,
        date=today,
        # The gentlest step: nobody stands lower but at rest, and nobody is sent back to rest.
        stage=programme.stages[programme.floor].key,
        reason=statement.words(),
        assessed_by=statement.assessed_by.strip(),
        assessed_on=statement.assessed_on,
        made_at=now,
        made_by=by,
    )
    return acts.record(
        act, enrolment, rule="D7C_PHYSIO_CLEAR", trigger=Trigger.RUNNER, now=now, origin=origin
    )


def _refuse_others(enrolment: Enrolment, by: User, now: datetime.datetime) -> None:
    """Only the runner, only while it is paused, and only where nobody else may say so."""
    if by.pk != enrolment.runner_id:
        raise Refused(_("Only the runner says for herself that she was seen."))
    if not enrolment.is_active:
        raise Refused(_("This programme has ended."))
    if not enrolment.is_paused:
        raise Refused(_("This programme is not paused."))
    clinicians = clinicians_of([enrolment.runner_id], now).get(enrolment.runner_id, [])
    if clinicians:
        names = ", ".join(str(clinician) for clinician in clinicians)
        raise Refused(_("Ask {names}: whoever looks after you here ends the pause.").format(names=names))
    if wait := wait_of(enrolment, now, looked_after(enrolment, now)):
        raise Refused(_plainly(wait))
    if acts.has_open_flag(enrolment):
        raise Refused(
            _(
                "You ticked a warning sign on a day that is not over yet, and that day will pause again "
                "when it closes. Come back tomorrow."
            )
        )


def _plainly(wait: Wait) -> str:
    words = _(
        "{names} looked after you here when the programme was paused, or since. Give access again, or to "
        "another physiotherapist, and ask them to end the pause. Otherwise you may say here yourself, from "
        "{date} on, that somebody has seen you."
    )
    return words.format(names=wait.names, date=date_format(wait.until, "j F Y"))


def _check(statement: Statement, enrolment: Enrolment, today: datetime.date) -> None:
    if not SHORTEST_WORDS <= len(statement.assessed_by.strip()) <= LONGEST_NAME:
        raise Refused(_("Say who saw you: name, and what they are."), "assessed_by")
    if not SHORTEST_WORDS <= len(statement.advice.strip()) <= LONGEST_ADVICE:
        raise Refused(_("Say in a few words what you were told."), "advice")
    if not counts_since(enrolment) <= statement.assessed_on <= today:
        raise Refused(
            _("Give the day on which you were seen: since your last warning sign, and not in the future."),
            "assessed_on",
        )
    asked = LibraryItem.objects.of_kind(RED_FLAG).current()
    needed = {row.key for row in asked if not row.document.get("may_be_skipped", False)}
    if needed - set(statement.denied):
        raise Refused(_("Answer every question about warning signs."))
