"""Does a day's entry fit together, in itself and with its extra notes? What does not is asked back."""

from django.utils.translation import gettext as _

from programs.diary_words import OCCASIONS
from programs.engine.daily import IN_SESSION, contradicts
from programs.engine.entry import InvalidEntry
from programs.engine.values import DONE_SOMETHING, Occasion
from programs.models import DiaryEntry, PainNote
from programs.models.diary import LONGEST_RUN
from programs.presentation import SESSIONS
from programs.services.diary_rows import notes_of
from programs.services.errors import Refused
from programs.snapshots import entry_of, notes_in_force, says_nothing


def check_sound(entry: DiaryEntry) -> None:
    """Raises Refused where the entry contradicts itself or one of its notes."""
    notes = notes_in_force(notes_of(entry))
    for note in notes:
        _check_beside(entry, note)
    try:
        entry_of(entry, notes=notes)
    except (InvalidEntry, ValueError) as error:
        raise Refused(_plainly(error), getattr(error, "field", None)) from None
    if entry.run_minutes is not None and entry.session not in DONE_SOMETHING:
        raise Refused(_without_a_session(), "run_minutes")
    if entry.run_minutes is not None and not 0 <= entry.run_minutes <= LONGEST_RUN:
        raise Refused(_("Minutes from 0 to %(most)s.") % {"most": LONGEST_RUN}, "run_minutes")


def _check_beside(entry: DiaryEntry, note: PainNote) -> None:
    """A note about a session needs one: where the check-in is silent, no rule would ever read the note."""
    words = {"note": OCCASIONS[note.occasion], "score": note.score}
    if contradicts(entry.session, Occasion(note.occasion)):
        raise Refused(
            _(
                "The check-in says “%(session)s”, and a note says %(score)s/10 “%(note)s”. "
                "Change the session, or withdraw the note."
            )
            % (words | {"session": SESSIONS[entry.session]}),
            "session",
        )
    if entry.session is None and note.occasion in IN_SESSION and not says_nothing(entry):
        raise Refused(
            _(
                "The check-in says nothing about a session, and a note says %(score)s/10 “%(note)s”. "
                "Say in the check-in what became of the session, or withdraw the note."
            )
            % words,
            "session",
        )


def _plainly(error: Exception) -> str:
    field = getattr(error, "field", None)
    return _without_a_session() if field in ("during", "after", "warmup", "limp") else str(error)


def _without_a_session() -> str:
    return _("These details belong to a session, but none was done. Choose what you did, or clear them.")
