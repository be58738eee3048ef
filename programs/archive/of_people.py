"""Tables about the person, who may see her data, and what was sent to her."""

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
    text,
    whole,
)

ROLES = ("runner", "clinician", "manager")
MAILS_TO_CHOOSE = (
    "reminder",
    "morning_after",
    "nudge",
    "weekly",
    "silent",
    "advance",
    "step_back",
    "written",
    "digest",
    "reviews",
)

PERSON = Table(
    "person",
    "The account itself. One row.",
    (
        public_id(),
        text("email", "Address to sign in with."),
        text("name", "As she gave it."),
        text("role", "What the account is for.", words=ROLES),
        text("time_zone", "IANA name; days begin and end by it."),
        text("language", "Of pages and mails; empty is as the browser asks."),
        text("country", "ISO code, for emergency numbers; empty is as the site is set."),
        Column("quiet_from", Kind.TIME, "Mails wait from this local time on ..."),
        Column("quiet_until", Kind.TIME, "... until this one."),
        flag("keeps_home_time", "She is not asked about the zone of a device that is elsewhere."),
        instant("joined_at", "When the account was made.", field="date_joined"),
        instant("last_signed_in_at", "The last sign-in.", field="last_login", may_be_null=True),
    ),
    model="accounts.User",
)
PEOPLE = Table(
    "people",
    "Other people in these rows, as far as her own pages name them. Number 0 is the person herself.",
    (
        number(),
        text("name", "As they gave it."),
        text("role", "What their account is for.", words=ROLES),
    ),
)
CLINICS = Table(
    "clinics",
    "Clinics that the other tables name.",
    (
        public_id(),
        text("name", "Name of the clinic."),
        instant("created_at", "When it was made here."),
        flag("made_by_me", "This person made it."),
    ),
    model="accounts.Clinic",
)
MEMBERSHIPS = Table(
    "memberships",
    "Where a physiotherapist works, from–to.",
    (
        public_id(),
        reference("clinic", "clinics", "Which clinic."),
        flag("is_lead", "Invites colleagues there."),
        instant("joined_at", "From."),
        instant("left_at", "To; null means still there.", may_be_null=True),
        person("left_by", "Who ended it.", may_be_null=True),
    ),
    model="accounts.Membership",
)
CONSENTS = Table(
    "consents",
    "Who was allowed to see and act, from–to.",
    (
        public_id(),
        person("clinician", "The physiotherapist."),
        whole("text_version", "Number of the wording that was agreed to."),
        text("via", "How it came about.", words=("grant", "offer", "ask", "hand_over", "cover")),
        instant("granted_at", "From."),
        instant("expires_at", "When it ends by itself.", may_be_null=True),
        reference("covers", "consents", "The consent that a holiday cover rests on.", may_be_null=True),
        instant("revoked_at", "When it was ended.", may_be_null=True),
        person("revoked_by", "Who ended it.", may_be_null=True),
    ),
    model="accounts.Consent",
)
INVITATIONS = Table(
    "invitations",
    "Codes that she gave, and invitations that came to her. Their secrets are not in the archive.",
    (
        public_id(),
        text("kind", "What was asked for.", words=("join", "ask", "offer")),
        text("email", "Her address that was asked; empty for a code."),
        reference("clinic", "clinics", "The clinic to join.", may_be_null=True),
        flag("as_lead", "To lead it."),
        instant("invited_at", "When."),
        person("invited_by", "Who asked."),
        instant("expires_at", "Until when it could be answered."),
        text("outcome", "What became of it.", words=("open", "accepted", "declined", "withdrawn")),
        instant("settled_at", "When.", may_be_null=True),
        person("settled_by", "By whom; null where the link alone was used.", may_be_null=True),
        reference("consent", "consents", "The consent that it led to.", may_be_null=True),
    ),
    model="accounts.Invitation",
)
ACCOUNT_MAILS = Table(
    "account_mails",
    "Mails about the account that were sent or given up; what they said is not kept by the site.",
    (
        number(),
        text("email", "Where it went."),
        text("kind", "Which mail."),
        text("subject", "Its subject."),
        instant("created_at", "When it was written."),
        instant("due_at", "When it was due."),
        instant("expires_at", "When it would have been too late."),
        text("status", "What became of it.", words=("sent", "expired", "uncertain", "dead")),
        whole("attempts", "How often it was tried."),
        whole("uncertain", "How often the connection was lost after it had gone out."),
        text("message_id", "Its Message-ID."),
        instant("settled_at", "When."),
        text("outcome", "Why it was not sent; else empty."),
    ),
    model="accounts.AccountMail",
)
HAND_OVERS = Table(
    "hand_overs",
    "Times that her care was to pass to a colleague.",
    (
        public_id(),
        reference("consent", "consents", "The consent that was to pass on."),
        person("to", "To whom."),
        instant("proposed_at", "When it was proposed."),
        person("proposed_by", "By whom."),
        reference("notice", "account_mails", "The mail that told her.", may_be_null=True),
        instant("takes_effect_at", "When it happens if she says nothing."),
        text("outcome", "What became of it.", words=("open", "done", "refused", "withdrawn", "lapsed")),
        instant("settled_at", "When.", may_be_null=True),
    ),
    model="accounts.HandOver",
)
ACCESS_RECORDS = Table(
    "access_records",
    "Who saw or changed her data.",
    (
        person("actor", "Who; null where a job or the operator did.", may_be_null=True),
        text("act", "What.", words=("list", "view", "override", "export", "mail", "admin", "consent")),
        text("detail", "Which page, file, act or mail."),
        instant("at", "When."),
        text("origin", "Network address that it came from, of others without its last part; may be empty."),
    ),
    model="accounts.AccessRecord",
)
ZONE_CHANGES = Table(
    "zone_changes",
    "Time zones in which she has lived.",
    (
        text("before", "IANA name of the former zone."),
        text("after", "IANA name of the new one."),
        instant("at", "When it was set."),
    ),
    model="accounts.ZoneChange",
)
MAIL_CHOICES = Table(
    "mail_choices",
    "Which mails she wants, when.",
    (
        text("kind", "Which mail.", words=MAILS_TO_CHOOSE),
        flag("is_on", "She wants it."),
        Column("wall", Kind.TIME, "Local time; null where an event sends it.", may_be_null=True),
        plain("days", "array", "ISO weekdays; empty is any."),
        instant("next_at", "When the next is due.", may_be_null=True),
        date("last_date", "Newest local date that had one.", may_be_null=True),
        instant("changed_at", "When it was chosen."),
        text("changed_via", "Where.", words=("default", "intake", "settings", "mail")),
    ),
    model="programs.MailChoice",
)
CALENDAR_FEEDS = Table(
    "calendar_feeds",
    "Addresses for a calendar program that she made. Their secrets are not in the archive.",
    (
        public_id(),
        Column("wall", Kind.TIME, "Local time of a session; null is the whole day.", may_be_null=True),
        flag("says_what", "Titles say what the session is."),
        instant("made_at", "When."),
        instant("plan_changed_at", "When she last changed her days, or what it says."),
        instant("ended_at", "When it was ended.", may_be_null=True),
    ),
    model="programs.CalendarFeed",
)
ATTACHMENTS = Table(
    "attachments",
    "Files in the folder attachments/. This edition of the site keeps none.",
    (
        text("file", "Name in the folder."),
        text("media_type", "Such as application/pdf."),
        whole("size", "Bytes."),
        Column("sha256", Kind.TEXT, "Digest of the content."),
    ),
)
