"""What is stored in English, said in the language of whoever reads it.

Published programmes and the ledger never change, so neither holds a second
language. A library text is looked up by its English words. A reason of the
engine holds numbers, names and titles: it is matched against the text of its
rule, that text is looked up, and what was filled in is put back. Whatever
matches nothing, such as a programme that a clinic wrote, is shown as it stands.
"""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from accounts import stored
from programs.charts import sparkline
from programs.engine.reasons import REFER_WORDS, TEXTS
from programs.library.texts import with_texts
from programs.mailing import reasons
from programs.models import NOTE_OF_COPY, AdjustmentKind, MessageKind, OverrideKind

#: Texts of the engine with places for what is filled in; ``tests/unit/test_said.py`` finds a missing one.
PATTERNS = (
    *TEXTS.values(),
    # A statement of her own, as the ledger keeps it.
    "I have been seen and told I may continue. Seen by {name} on {date}. Advice: {why} "
    "None of the warning signs is new or getting worse.",
    # The note of a draft.
    NOTE_OF_COPY,
    # The small picture of the caseload.
    sparkline.NOTHING_SAID,
    sparkline.SAID,
    # What a day asks for.
    "Your programme is paused.",
    "Day {day} of at most {cap} of relative rest.",
    "That is enough rest: gentle walking now helps more.",
    "An easy day: walking and gentle mobility only.",
    "You chose other days to run. Today is a rest day.",
    "A session is planned today.",
    "Your scores so far ask for easy days: no session today.",
    "Pain below the knee: no session today.",
    "You woke clearly worse after yesterday's session: today is a rest day.",
    "You stopped yesterday's session because of pain: today is a rest day.",
    "A rest day between sessions.",
    "{done} sessions in seven days are enough.",
    # Criteria.
    "Pain at rest is recorded today",
    "At least {need} days on this step",
    "A pain score on {need} of the last {window} days of this step",
    "{need} comfortable sessions in a row (pain 0-{q} during, after and next morning)",
    "Three quiet days in a row (0-{q})",
    "The morning after the last session is known",
    "Pain at rest is at most {limit}/10 (day {day} of at most {cap})",
    "No pause and no red flag",
    "No pain below the knee today",
    "No pain below the knee in the last 3 days",
    "No easy days after a step back",
    "No hold by a physiotherapist",
    "A physiotherapist confirms the next step",
    # Their values and limits.
    "day {day}",
    "{days} days",
    "{count} in a row",
    "{count} in a row, and yesterday's waits for this morning's score",
    "highest {score}/10",
    "highest {score}/10, {missing} of {all} scores not recorded",
    "not recorded, {missing} of {all} scores not recorded",
)
#: Words that are filled in, or stand alone as a value.
PHRASES = (
    *REFER_WORDS.values(),
    "not recorded",
    "recorded",
    "known",
    "known tomorrow",
    "paused",
    "answered today",
    "Your own statement",
    "easy",
    "reported",
    "none reported",
    "easy days",
    "held",
    "none",
    "confirmed",
    "not yet",
)
#: What the audit writes down beside an act, for the runner to read.
AUDIT = (
    "the exercises of your programme",
    "caseload, with step, reasons and the last two weeks",
    "list of ended programmes, with how they ended",
    "list of mails, with what became of them",
    "the page with your diary, progress and decisions",
    "a form to act on your programme",
    "your warning sign: seen, and looked after",
    "the letter to a clinician",
    "the printable sheet of your present step",
    "the report of your progress",
    "the diary as a table",
    "your messages",
    "a message to you",
    "private notes about you",
    "a private note about you",
    "list of hand-overs",
    "your name and a day of your programme, in the preview of a draft",
    "your name, among those who follow an older version of a programme",
    "form of a hand-over",
    "a copy of everything",
    "a copy of everything, made by the operator of the site",
    *OverrideKind.labels,
    *AdjustmentKind.labels,
    *MessageKind.labels,
)
#: Why a mail was not sent, as its row holds it; a colon and what a server answered may follow.
REASONS = (
    *(text for name, text in vars(reasons).items() if name.isupper()),
    "demonstration: before it was seeded",
    # Of a mail that waited too long.
    "its day ended before it could be sent",
    "its time was over",
    "could not be sent in time",
)
#: Two words that mean something only inside their sentence.
IN_A_REASON = "in a reason"
WHEN = ("during", "after")

_NUMBERS = (
    *("all", "cap", "cooldown_days", "count", "day", "days", "done", "easy_day", "gap", "in_a_row", "intake"),
    *("limit", "log_window", "logged", "min_days", "min_logged", "missing", "morning", "need", "q", "rest"),
    *("rest_cap_days", "score", "stage_day", "window"),
)
_DATE = r"[0-9]{1,2} [A-Z][a-z]+ [0-9]{4}"
#: What may stand in which place; a place that is not named here holds words.
SHAPES = {
    **dict.fromkeys(_NUMBERS, "[0-9]+"),
    "lowest": "[0-9]+",
    "highest": "[0-9]+",
    "newest": "[0-9]+/10|not recorded",
    "mean": r"[0-9]+(?:\.[0-9])?",
    "until": _DATE,
    "date": _DATE,
    "goal": "(?s:.*)",
    # Not a limit of ours: a corrected score may have been anything.
    "delta": "-?[0-9]+",
}
_AS_THEY_ARE = frozenset({"name", "why", "emergency_number"})


def said(text: str) -> str:
    """The text in the language of whoever reads it; as it stands where there is no translation."""
    return stored.said(text, PATTERNS, SHAPES, _filled_in)


def said_document(content):
    """A library document with every text said; the document itself stays as it is."""
    return content if stored.is_english() else with_texts(content, said)


def _filled_in(name: str, value: str) -> str:
    if name in _AS_THEY_ARE or not value:
        return gettext(value) if value in PHRASES else value
    if name in ("until", "date"):
        date = datetime.datetime.strptime(value, "%d %B %Y").date()
        return date_format(date, "j F Y")
    if name == "when":
        return pgettext(IN_A_REASON, value)
    if name == "goal":
        return gettext(": {goal}").format(goal=said(value.removeprefix(": ")))
    return said(value)
