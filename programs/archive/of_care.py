"""Tables of what passes between her and her physiotherapists: notes, messages, changes, the end."""

from programs.archive.columns import (
    Column,
    Kind,
    Table,
    date,
    instant,
    number,
    person,
    public_id,
    reference,
    text,
)

REASONS = (
    "assessment",
    "conversation",
    "history",
    "other_condition",
    "life",
    "event",
    "rule",
    "programme",
    "request",
    "other",
)

CLINICAL_NOTES = Table(
    "clinical_notes",
    "Notes that physiotherapists wrote about her among themselves.",
    (
        number(),
        reference("enrolment", "enrolments", "Which programme."),
        Column("key", Kind.ID, "Key of the form that sent it; a note that came twice is one."),
        text("words", "The note."),
        reference("replaces", "clinical_notes", "The note that it corrects.", may_be_null=True),
        instant("written_at", "When."),
        person("written_by", "By whom."),
    ),
    model="programs.ClinicalNote",
)
SHARED_MESSAGES = Table(
    "shared_messages",
    "Messages between her and her physiotherapists.",
    (
        reference("enrolment", "enrolments", "Which programme."),
        Column("key", Kind.ID, "Key of the form that sent it; a message that came twice is one."),
        text("words", "The message."),
        instant("written_at", "When."),
        person("written_by", "By whom."),
    ),
    model="programs.SharedMessage",
)
ADJUSTMENTS = Table(
    "adjustments",
    "Exercises that were changed for her alone; the newest for an exercise counts.",
    (
        reference("enrolment", "enrolments", "Which programme."),
        text("exercise", "Key of the exercise."),
        text("kind", "What was changed.", words=("dose", "swap", "enable", "leave_out", "restore")),
        text("level", "The dose; else empty."),
        text("instead", "Key of the exercise in its place; else empty."),
        date("date", "Local date from which it counts."),
        text("reason_code", "Why, in a word.", words=REASONS),
        text("reason", "Why, in her physiotherapist's words."),
        date("review_on", "When it is looked at again.", may_be_null=True),
        instant("made_at", "When."),
        person("made_by", "By whom."),
    ),
    model="programs.Adjustment",
)
RED_FLAGS = Table(
    "red_flags",
    "Urgent and emergency pauses with whoever looked after them.",
    (
        public_id(),
        reference("enrolment", "enrolments", "Which programme."),
        text("level", "How pressing.", words=("urgent", "emergency")),
        instant("opened_at", "When the newest sign of it was given."),
        person("owner", "Who looks after it; null where nobody had access.", may_be_null=True),
        instant("owned_since", "When it came to them.", may_be_null=True),
        instant("seen_at", "When somebody said that she has seen it.", may_be_null=True),
        person("seen_by", "Who.", may_be_null=True),
        instant("escalated_at", "When the lead of the clinic was told.", may_be_null=True),
        instant("closed_at", "When the pause ended.", may_be_null=True),
        person("closed_by", "By whose act.", may_be_null=True),
    ),
    model="programs.RedFlagCase",
)
SNOOZES = Table(
    "snoozes",
    "Times that a physiotherapist put something about her off, with a note.",
    (
        public_id(),
        reference("enrolment", "enrolments", "Which programme."),
        text("need", "What was put off."),
        date("until", "Last day."),
        text("note", "Why."),
        instant("made_at", "When."),
        person("made_by", "By whom."),
        instant("ended_at", "When it was ended early.", may_be_null=True),
    ),
    model="programs.Snooze",
)
DISCHARGES = Table(
    "discharges",
    "How her programmes ended.",
    (
        reference("enrolment", "enrolments", "Which programme."),
        text("outcome", "How.", words=("completed", "referred_on", "stopped", "left")),
        text("summary", "In words."),
        text("handed_to", "Who goes on with the care; may be empty."),
        date("date", "Local date."),
        instant("made_at", "When."),
        person("made_by", "By whom."),
    ),
    model="programs.Discharge",
)
SAVED_VIEWS = Table(
    "saved_views",
    "Of a physiotherapist: filters of the caseload under a name.",
    (
        public_id(),
        text("name", "Name of the view."),
        text("query", "The filters, as in the address of the page."),
        instant("made_at", "When."),
    ),
    model="programs.SavedView",
)
