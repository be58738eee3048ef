"""Tables about her programmes: what was planned, reported, decided and sent."""

from programs.archive.columns import (
    Column,
    Kind,
    Table,
    date,
    flag,
    instant,
    number,
    person,
    plain,
    public_id,
    reference,
    score,
    text,
    whole,
)
from programs.archive.of_care import REASONS

REFER = ("none", "routine", "urgent", "emergency")
MAILS = (
    "reminder",
    "morning_after",
    "nudge",
    "again",
    "weekly",
    "silent",
    "written",
    "advance",
    "step_back",
    "pause",
    "clinician_pause",
    "flag_unseen",
    "digest",
    "reviews",
)
TRIGGERS = ("day_close", "red_flag", "clinician", "correction", "runner")
ACTS = ("hold_until", "set_stage", "clear_pause", "self_clear", "move_version", "sign_off")
SESSIONS = ("none", "done", "partial", "stopped_pain", "skipped", "skipped_pain")

PROGRAMME_VERSIONS = Table(
    "programme_versions",
    "The editions that she followed, whole: without them no decision could be made again.",
    (
        number(),
        text("key", "Key of the programme."),
        whole("edition", "Number of the edition.", field="number"),
        plain("document", "object", "The programme itself.", in_csv=False),
        text("content_hash", "SHA-256 of the document."),
    ),
    model="programs.ProgrammeVersion",
)
ENROLMENTS = Table(
    "enrolments",
    "Her programmes: where she stands in each.",
    (
        public_id(),
        reference("version", "programme_versions", "The edition that she follows."),
        text("family", "Family of the programme."),
        text("status", "Whether it goes on.", words=("active", "completed", "withdrawn")),
        text(
            "pattern",
            "Which movements hurt; chooses exercises.",
            words=("neither", "flexion_intolerant", "extension_intolerant", "both"),
        ),
        date("started_on", "Local date of programme day 1."),
        instant("created_at", "When she began."),
        text("stage", "Key of the present stage."),
        date("stage_entered_on", "Local date of its day 1."),
        score("baseline_morning", "Usual pain on waking"),
        score("intake_pain", "Pain at rest at the intake"),
        text("refer", "How pressing it is that somebody sees her.", words=REFER),
        instant("paused_at", "Since when the programme is paused.", may_be_null=True),
        date("cooldown_until", "Last of the easy days after a step back.", may_be_null=True),
        plain("step_backs", "array", "Dates of automatic steps back."),
        date("hold_until", "Last day of a physiotherapist's hold.", may_be_null=True),
        date("decided_through", "Last local date that was decided."),
        instant("closes_at", "When the next day closes."),
        plain("run_days", "array", "ISO weekdays on which she likes to run; empty is any."),
    ),
    model="programs.Enrolment",
)
INTAKES = Table(
    "intakes",
    "What she answered before she was given a programme, or none.",
    (
        reference("enrolment", "enrolments", "The programme that it led to.", may_be_null=True),
        instant("answered_at", "When."),
        text("outcome", "A programme, or advice to see somebody.", words=("accepted", "referred")),
        plain("answers", "object", "Question -> answer, with the wordings that were shown."),
        plain("reasons", "array", "The answers that led to a referral."),
    ),
    model="programs.Intake",
)
DIARY_ENTRIES = Table(
    "diary_entries",
    "What she reported, one row a day.",
    (
        number(),
        reference("enrolment", "enrolments", "Which programme."),
        date("date", "Local date."),
        score("morning", "Pain on waking"),
        score("rest", "Pain at rest"),
        text("session", "What became of the session; null is not said.", words=SESSIONS, may_be_null=True),
        score("during", "Worst pain in the session"),
        score("after", "Worst pain within two hours after it"),
        text(
            "warmup",
            "Pain that was there at the beginning.",
            words=("none", "resolved", "persisted", "resolved_returned"),
        ),
        flag("limp", "Pain changed the way of moving."),
        text("leg", "Pain in the leg.", words=("none", "above_knee", "below_knee")),
        plain("sites", "array", "Places that hurt."),
        whole("run_minutes", "Minutes run; null is not recorded.", may_be_null=True),
        plain("red_flags", "array", "Warning signs that were ticked."),
        text("stage_shown", "Stage on her page at that time."),
        instant("recorded_at", "When it was last written."),
        person("recorded_by", "By whom."),
    ),
    model="programs.DiaryEntry",
)
ENTRY_REVISIONS = Table(
    "entry_revisions",
    "What a diary entry said before it was changed.",
    (
        reference("entry", "diary_entries", "Which entry."),
        plain("values", "object", "The values that were replaced."),
        instant("replaced_at", "When."),
        person("replaced_by", "By whom."),
        flag("after_close", "The day had been decided already."),
    ),
    model="programs.EntryRevision",
)
PAIN_NOTES = Table(
    "pain_notes",
    "Scores that she noted beside the check-in.",
    (
        number(),
        reference("entry", "diary_entries", "Of which day."),
        Column("key", Kind.ID, "Key of the form that sent it; a note that came twice is one."),
        instant("noted_at", "When it hurt."),
        text("occasion", "What it is about.", words=("rest", "during", "after", "flare")),
        text("site", "Where.", words=("back", "buttock", "above_knee", "below_knee", "other")),
        score("score", "Pain"),
        text("words", "In her own words; may be empty."),
        reference("replaces", "pain_notes", "The note that it replaces or withdraws.", may_be_null=True),
        instant("recorded_at", "When it was written."),
        person("recorded_by", "By whom."),
    ),
    model="programs.PainNote",
)
PLANNED_SESSIONS = Table(
    "planned_sessions",
    "Sessions that her page planned.",
    (
        reference("enrolment", "enrolments", "Which programme."),
        date("date", "Local date."),
        text("stage", "Key of the stage."),
    ),
    model="programs.PlannedSession",
)
DAY_CHOICES = Table(
    "day_choices",
    "Dates for which she chose a session or a day off herself.",
    (
        reference("enrolment", "enrolments", "Which programme."),
        date("date", "Local date."),
        flag("wants_session", "She wants a session; else a day off."),
        instant("chosen_at", "When."),
    ),
    model="programs.DayChoice",
)
ACTIVITIES = Table(
    "activities",
    "Activities of her own that she scores.",
    (
        reference("enrolment", "enrolments", "Which programme."),
        whole("position", "From 1 to 5."),
        text("words", "As she named it."),
        instant("named_at", "When."),
    ),
    model="programs.NamedActivity",
)
MEASURE_RESPONSES = Table(
    "measure_responses",
    "Answers to questionnaires.",
    (
        reference("enrolment", "enrolments", "Which programme."),
        text("questionnaire", "Key of the questionnaire."),
        whole("edition", "Its number."),
        date("date", "Local date."),
        text("occasion", "Why it was asked.", words=("intake", "fortnight", "end")),
        plain("answers", "array", "Item, wording that was shown, answer; null is not answered."),
        whole("score_hundredths", "Score in hundredths; null where it cannot be told.", may_be_null=True),
        instant("answered_at", "When."),
        person("answered_by", "By whom."),
    ),
    model="programs.MeasureResponse",
)
OVERRIDES = Table(
    "overrides",
    "What a physiotherapist did, or she herself without one, and why.",
    (
        number(),
        reference("enrolment", "enrolments", "Which programme."),
        text("kind", "What was done.", words=ACTS),
        date("date", "Local date on which it acts first."),
        date("until", "Last day of a hold.", may_be_null=True),
        text("stage", "Stage that was set, or confirmed; else empty."),
        reference("version", "programme_versions", "The edition that she moved to.", may_be_null=True),
        text("reason_code", "The reason in a word.", words=REASONS),
        text("reason", "The reason that was given."),
        date("review_on", "When it is looked at again.", may_be_null=True),
        text("assessed_by", "Who examined her; may be empty."),
        date("assessed_on", "When.", may_be_null=True),
        instant("made_at", "When it was done."),
        person("made_by", "By whom."),
    ),
    model="programs.Override",
)
DECISIONS = Table(
    "decisions",
    "Every decision with what it rested on.",
    (
        number(),
        reference("enrolment", "enrolments", "Which programme."),
        date("date", "Local date that was decided."),
        text(
            "trigger", "What made it.", words=("day_close", "red_flag", "clinician", "correction", "runner")
        ),
        text("decision", "What was decided.", words=("advance", "hold", "step_back", "pause_and_refer")),
        text("rule", "Which rule applied."),
        text("refer", "How pressing it is that somebody sees her.", words=REFER),
        text("stage_before", "Stage before it."),
        text("stage_after", "Stage after it."),
        whole("stage_change", "Position after minus position before."),
        date("takes_effect_on", "First local date on which the stage after is shown."),
        flag("has_rest_score", "Pain at rest was recorded for that date."),
        text("reason", "The reason in words."),
        plain("criteria", "array", "Every condition: met, not met, or no data."),
        plain("inputs", "object", "All facts that it rested on."),
        text("inputs_hash", "SHA-256 of them."),
        reference("version", "programme_versions", "Edition of the programme."),
        text("engine_version", "Edition of the rules."),
        text("time_zone", "Her time zone when the day ended."),
        instant("decided_at", "When it was written."),
        person("decided_by", "By whom; null where a job did.", may_be_null=True),
        text("job", "By which job; empty where a person did."),
        reference("supersedes", "decisions", "The decision that a correction replaced.", may_be_null=True),
        reference("override", "overrides", "The act that it records.", may_be_null=True),
    ),
    model="programs.Decision",
)
MESSAGES = Table(
    "messages",
    "Mails about her programmes, to her and to her physiotherapists, and what became of them.",
    (
        person("recipient", "To whom."),
        reference("enrolment", "enrolments", "Which programme; null is a whole list.", may_be_null=True),
        text("kind", "Which mail.", words=MAILS),
        date("local_date", "Local date that it is about."),
        text("level", "How pressing a pause is; else empty."),
        reference("decision", "decisions", "The decision that it tells.", may_be_null=True),
        instant("created_at", "When it was written."),
        instant("wanted_at", "When it was to go out."),
        instant("due_at", "When it was tried last, or is next."),
        instant("expires_at", "When it would have been too late.", may_be_null=True),
        text("status", "What became of it.", words=("owed", "sent", "uncertain", "skipped", "dead")),
        whole("attempts", "How often it was tried."),
        whole("uncertain", "How often the connection was lost after it had gone out."),
        text("message_id", "Its Message-ID."),
        instant("settled_at", "When.", may_be_null=True),
        text("outcome", "Why it was not sent; else empty."),
        instant("answered_at", "When a link in it was answered.", may_be_null=True),
    ),
    model="programs.MessageOwed",
)
