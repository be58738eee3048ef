"""Who gets which answer where: the one table, for every address of the site.

A door says which actors may come in at all; a thing says which of them it is
open to. Everybody else in the right role is told that it does not exist.
"""

from dataclasses import dataclass

from tests.access.stage import (
    ACTORS,
    CLINICIANS,
    COLLEAGUE,
    COVERING,
    ELSEWHERE,
    HERS,
    LET_IN,
    MANAGER,
    NOBODIES,
    OTHER_RUNNER,
    PENDING,
    RUNNER,
    RUNNERS,
)

IN, SIGN_IN, REAUTHENTICATE = "in", "sign in", "reauthenticate"
NO_ROLE, NOT_THERE, NO_METHOD = "403", "404", "405"

#: Door -> who may come in. A stranger is led to the sign-in, everybody else gets 403.
DOORS: dict[str, tuple[str, ...]] = {
    "public": ACTORS,
    "member": tuple(who for who in ACTORS if who not in NOBODIES),
    "runner": RUNNERS,
    "clinician": CLINICIANS,
    "clinic": (*CLINICIANS, MANAGER),
    "mails": (*RUNNERS, *CLINICIANS),
    "manager": (MANAGER,),
    "admin": (MANAGER,),
    # Whoever holds the link, signed in or not; somebody else who is signed in gets 404.
    "letter": ACTORS,
}

#: Thing -> to whom it is open, of those who come through the door.
OPEN_TO: dict[str, tuple[str, ...]] = {
    "": ACTORS,
    "her enrolment": LET_IN,
    "another's enrolment": (ELSEWHERE,),
    "no enrolment": (),
    "her red flag": LET_IN,
    "no red flag": (),
    "her consent": (RUNNER,),
    "another's consent": (OTHER_RUNNER,),
    "no consent": (),
    "her key": (HERS,),
    "her note": (RUNNER,),
    "no note": (),
    "her hand-over": (RUNNER,),
    "no hand-over": (),
    "her ask": (*NOBODIES, RUNNER),
    "no ask": (),
    # Whether a code is one is looked up when it is taken, and not before.
    "an offer": ACTORS,
    "no offer": ACTORS,
    "an open ask of hers": (PENDING,),
    "no open ask": (),
    "a join": (*NOBODIES, COLLEAGUE),
    "no join": (),
    "an open join": (MANAGER, ELSEWHERE),
    "no open join": (),
    "the clinic": (MANAGER, HERS),
    "the other clinic": (MANAGER, ELSEWHERE),
    "no clinic": (),
    "a membership to lead": (MANAGER, HERS),
    "a membership to end": (MANAGER, HERS, COLLEAGUE),
    "no membership": (),
    "a hand-over of hers": (HERS, COLLEAGUE),
    "a cover": (HERS, COVERING),
    "no cover": (),
    "a draft of hers": tuple(who for who in CLINICIANS if who != ELSEWHERE),
    "an edition of hers": tuple(who for who in CLINICIANS if who != ELSEWHERE),
    "a shipped programme": CLINICIANS,
    "no draft": (),
    "a view of hers": (HERS,),
    "an exercise of hers": tuple(who for who in CLINICIANS if who != ELSEWHERE),
    "no exercise": (),
    "a picture": ACTORS,
    "no picture": (),
    "no view": (),
    "a mail to runners": RUNNERS,
    "a mail to physiotherapists": CLINICIANS,
    "no kind of mail": (),
    # The link is the key, but for somebody else who is signed in; it tells nothing of her.
    "a score to give": (*NOBODIES, RUNNER),
    "a mail to put off": (*NOBODIES, RUNNER),
    "a way out of mails": ACTORS,
    "no link": (),
    # The address alone is the key, and it shows sessions and nothing else.
    "her calendar": ACTORS,
    "no calendar": (),
}


@dataclass(frozen=True)
class Address:
    """``methods``: those that it takes. ``args``: fixed ones, where it points at nothing of anybody."""

    name: str
    door: str
    things: tuple[str, ...] = ("",)
    methods: str = "GET"
    args: tuple = ()
    why: str = ""
    #: A GET only leads somewhere else, whoever asks: back from the sign-in, for example.
    get_leads_on: bool = False


DATE = "2026-01-05"
ENROLMENTS = ("her enrolment", "another's enrolment", "no enrolment")
CONSENTS = ("her consent", "another's consent", "no consent")
HAND_OVERS = ("her hand-over", "no hand-over")
DRAFTS = ("a draft of hers", "no draft")
EDITIONS = ("an edition of hers", "no draft")
CLINICS = ("the clinic", "the other clinic", "no clinic")
ASKS = ("her ask", "no ask")
KINDS_OF_MAIL = ("a mail to runners", "a mail to physiotherapists", "no kind of mail")
BOTH = "GET POST"

OURS = (
    Address("home", "public", why="the landing page; tells nothing about anybody"),
    Address("safety", "public", why="the safety notice is for everybody"),
    Address("healthz", "public", why="says whether the jobs run, and nothing of people"),
    Address("livez", "public", why="says that the process answers"),
    Address("metrics", "public", why="counts that name nobody, for this machine or a token"),
    Address("readyz", "public", why="says what of the site stands still, and nothing of people"),
    Address("language", "public", methods=BOTH, why="a page must be readable before anybody signs in"),
    Address("manifest", "public", why="the site as an app; the same for everybody"),
    Address("service_worker", "public", why="a script, the same for everybody"),
    Address("offline", "public", why="what works without a connection; the same for everybody"),
    Address("offline_check_in", "public", why="an empty form, the same for everybody"),
    Address("offline_kept", "public", why="what to do about warning signs; the same for everybody"),
    Address("offline_wrong", "public", why="what to do about warning signs; the same for everybody"),
    Address("phone", "runner"),
    Address("calendar", "runner", methods=BOTH),
    Address("calendar_anew", "runner", methods="POST"),
    Address("calendar_end", "runner", methods="POST"),
    Address(
        "calendar_feed",
        "public",
        ("her calendar", "no calendar"),
        why="a calendar program cannot sign in; the address is the key, and opens nothing else",
    ),
    Address("account", "member"),
    Address("account_name", "member", methods=BOTH),
    Address("access", "runner"),
    Address("access_revoke", "runner", CONSENTS, BOTH),
    Address("hand_over_refuse", "runner", HAND_OVERS, "POST"),
    Address("hand_over_agree", "runner", HAND_OVERS, "POST"),
    Address("records", "runner"),
    Address("offer", "runner", methods=BOTH),
    Address("offer_withdraw", "runner", methods="POST"),
    Address("code", "clinician", methods=BOTH),
    Address("code_link", "clinician", ("an offer", "no offer")),
    Address("asks", "clinician", methods=BOTH),
    Address("ask_withdraw", "clinician", ("an open ask of hers", "no open ask"), "POST"),
    Address("ask", "letter", ASKS, why="the link from the mail is enough to read who asks"),
    Address("ask_accept", "runner", ASKS, BOTH, get_leads_on=True),
    Address("ask_decline", "letter", ASKS, "POST", why="the link from the mail is enough to say no"),
    Address("join", "letter", ("a join", "no join"), BOTH, why="the link from the mail is the invitation"),
    Address("clinics", "manager"),
    Address("delivery_log", "manager"),
    Address("clinic_new", "manager", methods=BOTH),
    Address("join_invite", "manager", methods=BOTH),
    Address("clinic", "manager", CLINICS),
    Address("clinic_invite", "clinic", CLINICS, BOTH),
    Address("clinic_settings", "clinic", CLINICS, BOTH),
    Address("join_withdraw", "clinic", ("an open join", "no open join"), "POST"),
    Address("member_lead", "clinic", ("a membership to lead", "no membership"), "POST"),
    Address("member_end", "clinic", ("a membership to end", "no membership"), BOTH),
    Address("my_clinic", "clinician"),
    Address("member_hand_over", "clinician", ("a membership to lead", "no membership"), BOTH),
    Address("hand_overs", "clinician"),
    Address("hand_over_new", "clinician", methods=BOTH),
    Address("hand_over_withdraw", "clinician", ("a hand-over of hers", "no hand-over"), "POST"),
    Address("covers", "clinician"),
    Address("cover_new", "clinician", methods=BOTH),
    Address("cover_end", "clinician", ("a cover", "no cover"), "POST"),
    Address("demo_close_today", "runner", methods="POST"),
    Address("intake", "runner"),
    Address("intake_result", "runner"),
    Address("intake_step", "runner", methods=BOTH, args=("suitable",)),
    Address("today", "runner"),
    Address("paused", "runner"),
    Address("self_clear", "runner", methods=BOTH),
    Address("letter", "runner"),
    Address("why", "runner"),
    Address("player", "runner", args=(1,)),
    Address("week", "runner", methods=BOTH),
    Address("week_day", "runner", methods="POST", args=(DATE,)),
    Address("check_in", "runner", methods=BOTH),
    Address("check_in_for", "runner", methods=BOTH, args=(DATE,)),
    Address("check_in_saved", "runner", args=(DATE,)),
    Address("note", "runner", methods=BOTH),
    Address("note_for", "runner", methods=BOTH, args=(DATE,)),
    Address("note_change", "runner", ("her note", "no note"), BOTH),
    Address("note_withdraw", "runner", ("her note", "no note"), "POST"),
    Address("something_wrong", "runner", methods=BOTH),
    Address("settings", "runner", methods=BOTH),
    Address(
        "one_tap",
        "letter",
        ("a score to give", "no link"),
        BOTH,
        (4,),
        why="the link from the mail is enough to give one score of one date, and shows nothing",
    ),
    Address(
        "mail_again",
        "letter",
        ("a mail to put off", "no link"),
        BOTH,
        why="the link from the mail is enough to be asked again on that date",
    ),
    Address(
        "mail_unsubscribe",
        "letter",
        ("a way out of mails", "no link"),
        BOTH,
        why="mail programs unsubscribe without a sign-in (RFC 8058)",
    ),
    Address(
        "mail_undo",
        "letter",
        ("a way out of mails", "no link"),
        BOTH,
        why="what a link turned off, the same link turns on again",
    ),
    Address("mail_settings", "mails", methods=BOTH),
    Address("mails_sent", "mails"),
    Address("mail_test", "mails", KINDS_OF_MAIL, "POST"),
    Address("mail_links_end", "mails", methods="POST"),
    Address("use_zone", "mails", methods="POST"),
    Address("keep_home_time", "mails", methods="POST"),
    Address("address_works", "member", methods="POST"),
    Address("my_data", "member"),
    Address("my_data_download", "member", methods=BOTH),
    Address("my_data_delete", "member", methods=BOTH),
    Address("my_data_deleted", "public", why="for whoever was just deleted; tells nothing about anybody"),
    Address("progress", "runner"),
    Address("measures", "runner"),
    Address("name_activities", "runner", methods=BOTH),
    Address("measure", "runner", methods=BOTH, args=("psfs",)),
    Address("programme", "runner"),
    Address("programme_sheet", "runner"),
    Address("programmes", "member"),
    Address("programme_version", "member", args=("lbp-acute-default", 1)),
    Address("exercises", "member"),
    Address("exercise", "member", args=("cat_cow",)),
    Address("self_care", "member"),
    Address("exercise_picture", "member", ("a picture", "no picture")),
    Address("own_exercises", "clinician"),
    Address("own_exercise_new", "clinician", methods=BOTH),
    Address("own_exercise", "clinician", ("an exercise of hers", "no exercise"), BOTH),
    Address("adjustments", "clinician", ENROLMENTS),
    Address("adjust", "clinician", ENROLMENTS, BOTH, ("bird_dog",)),
    Address("caseload", "clinician"),
    Address("ended_runners", "clinician"),
    Address("draft_begin", "clinician", methods=BOTH),
    Address("programme_copy", "clinician", ("a shipped programme", *DRAFTS), "POST", (1,)),
    Address("draft", "clinician", DRAFTS, BOTH),
    Address("draft_next", "clinician", DRAFTS, "POST"),
    Address("draft_discard", "clinician", DRAFTS, "POST"),
    Address("draft_about", "clinician", DRAFTS, BOTH),
    Address("draft_rules", "clinician", DRAFTS, BOTH),
    Address("draft_check", "clinician", DRAFTS, "POST"),
    Address("draft_stage_new", "clinician", DRAFTS, BOTH),
    Address("draft_stage", "clinician", DRAFTS, BOTH, (1,)),
    Address("draft_session", "clinician", DRAFTS, BOTH, (1, 1)),
    Address("draft_walk", "clinician", DRAFTS),
    Address("draft_diff", "clinician", DRAFTS),
    Address("draft_impact", "clinician", DRAFTS),
    Address("draft_publish", "clinician", DRAFTS, BOTH),
    Address("programme_import", "clinician", methods=BOTH),
    Address("programme_versions", "clinician", ("a shipped programme", *EDITIONS)),
    Address("programme_diff", "clinician", ("a shipped programme", *EDITIONS), args=(1, 1)),
    Address("version_retire", "clinician", EDITIONS, BOTH, (1,)),
    Address("programme_export", "clinician", ("a shipped programme", *EDITIONS), args=(1,)),
    Address("caseload_seen", "clinician", methods="POST"),
    Address("caseload_message", "clinician", methods="POST"),
    Address("caseload_view_save", "clinician", methods="POST"),
    Address("caseload_view_delete", "clinician", ("a view of hers", "no view"), "POST"),
    Address("snooze", "clinician", ENROLMENTS, BOTH),
    Address("snooze_end", "clinician", ENROLMENTS, "POST"),
    Address("runner", "clinician", ENROLMENTS),
    Address("runner_sheet", "clinician", ENROLMENTS),
    Address("runner_letter", "clinician", ENROLMENTS),
    Address("runner_csv", "clinician", ENROLMENTS),
    Address("runner_report", "clinician", ENROLMENTS),
    Address("my_report", "runner"),
    Address("agreement", "clinician"),
    Address("messages", "runner", methods=BOTH),
    Address("runner_messages", "clinician", ENROLMENTS, BOTH),
    Address("runner_notes", "clinician", ENROLMENTS, BOTH),
    Address("red_flag_take", "clinician", ("her red flag", "no red flag"), "POST"),
    Address("workload", "clinician"),
    Address("override_hold", "clinician", ENROLMENTS, BOTH),
    Address("override_stage", "clinician", ENROLMENTS, BOTH),
    Address("override_clear", "clinician", ENROLMENTS, BOTH),
    Address("override_sign_off", "clinician", ENROLMENTS, BOTH),
    Address("override_move", "clinician", ENROLMENTS, BOTH),
    Address("discharge", "clinician", ENROLMENTS, BOTH),
    Address("ended", "runner"),
    Address("leave_programme", "runner", methods=BOTH),
)


#: Pages of allauth: they answer methods in their own way.
THEIRS = (
    Address("account_login", "public", methods=BOTH, why="the sign-in"),
    Address("account_logout", "public", methods=BOTH, why="signing out asks for a POST"),
    Address("account_signup", "public", methods=BOTH, why="the sign-up"),
    Address("account_inactive", "public", why="one sentence"),
    Address("account_email_verification_sent", "public", methods=BOTH, why="asks for a code that was sent"),
    Address("account_reset_password", "public", methods=BOTH, why="the same answer for every address"),
    Address("account_reset_password_done", "public", why="one sentence"),
    Address(
        "account_reset_password_from_key", "public", methods=BOTH, args=("zz", "no-key"), why="needs the key"
    ),
    Address("account_reset_password_from_key_done", "public", why="one sentence"),
    Address("account_confirm_login_code", "public", methods=BOTH, why="needs a sign-in that has begun"),
    Address("mfa_authenticate", "public", methods=BOTH, why="needs a sign-in that has begun"),
    Address("mfa_login_webauthn", "public", methods=BOTH, why="the sign-in with a passkey"),
    Address("account_reauthenticate", "member", methods=BOTH),
    Address("account_email", "member", methods=BOTH),
    Address("account_change_password", "member", methods=BOTH),
    Address("account_set_password", "member", methods=BOTH),
    Address("mfa_index", "member"),
    Address("mfa_reauthenticate", "member", methods=BOTH),
    Address("mfa_activate_totp", "member", methods=BOTH),
    Address("mfa_deactivate_totp", "member", methods=BOTH),
    Address("mfa_view_recovery_codes", "member"),
    Address("mfa_generate_recovery_codes", "member", methods=BOTH),
    Address("mfa_download_recovery_codes", "member"),
    Address("mfa_list_webauthn", "member"),
    Address("mfa_add_webauthn", "member", methods=BOTH),
    Address("mfa_reauthenticate_webauthn", "member", methods=BOTH),
    Address("mfa_remove_webauthn", "member", ("her key",), BOTH),
    Address("mfa_edit_webauthn", "member", ("her key",), BOTH),
    Address("usersessions_list", "member", methods=BOTH),
)


def expected(address: Address, thing: str, who: str, method: str) -> str:
    """The answer that this person must get on a page of ours."""
    if method not in methods_of(address):
        return NO_METHOD
    if who not in DOORS[address.door]:
        return SIGN_IN if who in NOBODIES else NO_ROLE
    if address.get_leads_on and method != "POST":
        return IN
    return IN if who in OPEN_TO[thing] else NOT_THERE


def methods_of(address: Address) -> list[str]:
    """A page that may be read may be asked for its headers alone."""
    return address.methods.replace("GET", "GET HEAD").split()


def allowed_of_theirs(address: Address, thing: str, who: str, method: str) -> set[str]:
    """The answers that allauth may give: who is nobody never comes in where a member is wanted."""
    if address.door == "public":
        return {IN, SIGN_IN, NO_METHOD}
    if who in NOBODIES:
        return {SIGN_IN, NO_METHOD}
    if thing and who not in OPEN_TO[thing]:
        return {NOT_THERE, NO_ROLE, NO_METHOD, REAUTHENTICATE}
    return {IN, NO_ROLE, NO_METHOD, NOT_THERE, REAUTHENTICATE}


def expected_of_admin(page: str, who: str, method: str) -> set[str]:
    """Site managers read; ``page`` is the last word of the name. Nobody else gets further than the door."""
    if who in NOBODIES:
        return {SIGN_IN, IN} if page == "admin:logout" else {SIGN_IN}
    if who != MANAGER:
        return {NO_ROLE}
    if page in ("delete", "add") or (page == "change" and method == "POST"):
        # Accounts and notes of drafts are the exceptions; they have tests of their own.
        return {NO_ROLE, IN}
    # No page of ours asks for what the autocompletion would look up.
    return {IN, NO_METHOD, NOT_THERE} if page != "admin:autocomplete" else {NO_ROLE, NO_METHOD}
