"""A sound form for every address that takes one: who sends it, about what, with which fields."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from programs.library.loader import PROGRAMME
from programs.models import ProgrammeVersion, RedFlagCase
from tests.access.stage import (
    COLLEAGUE,
    ELSEWHERE,
    HERS,
    MANAGER,
    OTHER_RUNNER,
    PENDING,
    RUNNER,
    STRANGER,
    Stage,
)
from tests.builders import DEFAULT, a_published_version, shipped
from tests.support.exercises import FORM
from tests.support.people import PASSWORD

Fields = Callable[[Stage], dict]


@dataclass(frozen=True)
class Body:
    """``changes_something``: the sound form leaves other rows than there were, as it should."""

    name: str
    who: str
    fields: Fields
    thing: str = ""
    args: tuple = ()
    changes_something: bool = True


def _nothing(stage: Stage) -> dict:
    return {}


def _day(ahead: int) -> str:
    return (timezone.now() + datetime.timedelta(days=ahead)).date().isoformat()


def _account(stage: Stage, who: str) -> str:
    return str(stage.people[who].public_id)


def _words(stage: Stage) -> dict:
    return {"words": "How did it go?", "key": str(uuid.uuid4())}


def _joining(stage: Stage) -> dict:
    return {"name": "Nina", "password": "seven new kilometres", "time_zone": "Europe/London"}


def _several(stage: Stage) -> dict:
    chosen = str(stage.things["another's enrolment"][0])
    return {"key": str(uuid.uuid4()), "chosen": chosen, "words": "How does it go?", "back": ""}


def _view(stage: Stage) -> dict:
    return {"name": "Silent", "need": "silent", "q": "", "stage": "", "programme": "", "flag": ""}


REASON = "back from a holiday"


def _another_version() -> str:
    """A second edition of the shipped programme, published."""
    document = {**shipped().content(PROGRAMME, DEFAULT), "summary": "Another edition."}
    return str(a_published_version(document=document).pk)


WHY = {"reason_code": "life", "reason": REASON}

CLINIC_SETTINGS = {
    "close_hour": "4",
    "emergency_number": "112",
    "urgent_service": "the practice, 0123 456789",
    "tells_of_red_flags": "lead_too",
    "silent_from_days": "4",
    "time_zone": "Europe/London",
    "opens_at": "08:30",
    "shuts_at": "18:00",
    "working_days": ["1", "2", "3", "4", "5", "6"],
    "red_flags_at_night": "yes",
    "mails_name_runners": "no",
}

#: The daily reminder and nothing else, and other quiet hours.
MAILS = {
    "reminder_on": "on",
    "reminder_wall": "07:30",
    "reminder_days": ["1", "3", "5"],
    "quiet_from": "22:00",
    "quiet_until": "06:30",
}


def _as_shown(stage: Stage) -> dict:
    return {"shown": RedFlagCase.objects.get(public_id=stage.things["her red flag"][0]).as_shown}


_STRIKES = {"engine-strikes-value": "2"}


def _known(stage: Stage) -> dict:
    """What the page of a draft shows, so that a save overwrites nothing unseen."""
    key = stage.things["a draft of hers"][0]
    return {"known_hash": ProgrammeVersion.objects.get(template__key=key).content_hash}


BODIES = (
    Body("access_revoke", RUNNER, _nothing, "her consent"),
    Body("account_name", OTHER_RUNNER, lambda stage: {"name": "Olga Renamed"}),
    Body("language", OTHER_RUNNER, lambda stage: {"language": "zh-hans"}),
    Body("hand_over_refuse", RUNNER, _nothing, "her hand-over"),
    Body("hand_over_agree", RUNNER, _nothing, "her hand-over"),
    Body("offer", RUNNER, _nothing),
    Body("offer_withdraw", RUNNER, _nothing),
    Body("code", COLLEAGUE, lambda stage: {"code": stage.things["an offer"][0]}),
    Body("asks", HERS, lambda stage: {"email": "somebody@example.org"}),
    Body("ask_withdraw", PENDING, _nothing, "an open ask of hers"),
    Body("ask_accept", RUNNER, _nothing, "her ask"),
    Body("ask_decline", STRANGER, _nothing, "her ask"),
    Body("join", STRANGER, _joining, "a new join"),
    Body("clinic_new", MANAGER, lambda stage: {"name": "Lakeside"}),
    Body("join_invite", MANAGER, lambda stage: {"email": "new@example.org"}),
    Body("clinic_invite", HERS, lambda stage: {"email": "new@example.org"}, "the clinic"),
    Body("clinic_settings", HERS, lambda stage: CLINIC_SETTINGS, "the clinic"),
    Body("join_withdraw", ELSEWHERE, _nothing, "an open join"),
    Body("member_lead", HERS, lambda stage: {"is_lead": "1"}, "a membership to lead"),
    Body("member_end", HERS, _nothing, "a membership to end"),
    Body("member_hand_over", HERS, lambda stage: {"to": _account(stage, PENDING)}, "a membership to lead"),
    Body("hand_over_new", HERS, lambda stage: {"to": _account(stage, COLLEAGUE), "everybody": "on"}),
    Body("hand_over_withdraw", HERS, _nothing, "a hand-over of hers"),
    Body(
        "cover_new",
        HERS,
        lambda stage: {"colleague": _account(stage, PENDING), "begins": _day(0), "until": _day(1)},
    ),
    Body("cover_end", HERS, _nothing, "a cover"),
    Body("draft_begin", HERS, lambda stage: {"title": "Back to the hills"}),
    Body("programme_copy", ELSEWHERE, _nothing, "a shipped programme", (1,)),
    Body("draft", HERS, lambda stage: _known(stage) | {"act": "move:3:4"}, "a draft of hers"),
    Body("draft_next", HERS, _nothing, "a draft of hers", changes_something=False),
    Body("draft_discard", HERS, lambda stage: _known(stage), "a draft of hers"),
    Body("draft_about", HERS, lambda stage: _known(stage) | {"title": "Mine"}, "a draft of hers"),
    Body("draft_rules", HERS, lambda stage: _known(stage) | _STRIKES, "a draft of hers"),
    Body("draft_check", HERS, lambda stage: _known(stage) | {"part": "about"}, "a draft of hers", (), False),
    Body("draft_stage_new", HERS, lambda stage: _known(stage) | {"model": "kind:daily"}, "a draft of hers"),
    Body("draft_stage", HERS, lambda stage: _known(stage) | {"title": "Mine"}, "a draft of hers", (1,)),
    Body("draft_session", HERS, lambda stage: _known(stage) | {"title": "Mine"}, "a draft of hers", (1, 1)),
    Body("caseload_seen", HERS, lambda stage: {"through": timezone.now().isoformat(), "back": ""}),
    Body("caseload_message", ELSEWHERE, _several),
    Body("caseload_view_save", HERS, _view),
    Body("caseload_view_delete", HERS, _nothing, "a view of hers"),
    Body("snooze_end", ELSEWHERE, _nothing, "another's enrolment", changes_something=False),
    Body(
        "check_in", OTHER_RUNNER, lambda stage: {"rest": "2", "session": "done", "during": "1", "after": "1"}
    ),
    Body("calendar", OTHER_RUNNER, lambda stage: {"when": "time", "wall": "18:00"}),
    Body("calendar_anew", OTHER_RUNNER, _nothing),
    Body("calendar_end", RUNNER, _nothing),
    Body("week", OTHER_RUNNER, lambda stage: {"run_days": ["1", "3", "5"]}),
    Body("week_day", OTHER_RUNNER, lambda stage: {"wants": "rest"}, args=(_day(2),)),
    Body(
        "note",
        OTHER_RUNNER,
        lambda stage: {"key": str(uuid.uuid4()), "occasion": "flare", "site": "back", "score": "4"},
    ),
    Body(
        "note_change",
        RUNNER,
        lambda stage: {"key": str(uuid.uuid4()), "occasion": "rest", "site": "other", "score": "2"},
        "her note",
    ),
    Body("self_clear", RUNNER, lambda stage: {"sign_FEVER_UNWELL": "yes"}),
    Body("something_wrong", OTHER_RUNNER, lambda stage: {"red_flags": "CE_SADDLE"}),
    Body(
        "settings",
        OTHER_RUNNER,
        lambda stage: {"time_zone": "Europe/London", "country": "CN"},
    ),
    Body("one_tap", STRANGER, lambda stage: {"score": "4"}, "a score to give", (4,)),
    # Which times of today are left, the clock says; see test_ask_again.py.
    Body("mail_again", STRANGER, lambda stage: {"when": "noon"}, "a mail to put off", (), False),
    Body("mail_unsubscribe", STRANGER, _nothing, "a way out of mails", (), False),
    Body("mail_undo", STRANGER, _nothing, "a way out of mails", (), False),
    Body("mail_settings", OTHER_RUNNER, lambda stage: MAILS),
    Body("mail_test", OTHER_RUNNER, _nothing, "a mail to runners"),
    Body("mail_links_end", OTHER_RUNNER, _nothing),
    Body("use_zone", OTHER_RUNNER, lambda stage: {"zone": "Asia/Tokyo"}),
    Body("keep_home_time", OTHER_RUNNER, _nothing),
    Body("name_activities", OTHER_RUNNER, lambda stage: {"activity_1": "Sit through a film"}),
    Body("draft_publish", HERS, lambda stage: _known(stage) | {"note": "The first"}, "a draft of hers"),
    Body("version_retire", HERS, lambda stage: {"note": "Too fast"}, "an edition of hers", (1,)),
    Body("programme_import", HERS, lambda stage: {"text": "{title: Mine, stages: []}"}),
    Body("own_exercise_new", ELSEWHERE, lambda stage: FORM),
    Body(
        "own_exercise",
        HERS,
        lambda stage: FORM | {"number": "1", "picture_alt": "Somebody sits."},
        "an exercise of hers",
    ),
    Body(
        "adjust",
        ELSEWHERE,
        lambda stage: {"kind": "dose", "level": "B", **WHY},
        "another's enrolment",
        args=("bird_dog",),
    ),
    Body("messages", OTHER_RUNNER, _words),
    Body("runner_messages", ELSEWHERE, _words, "another's enrolment"),
    Body("runner_notes", ELSEWHERE, _words, "another's enrolment"),
    Body(
        "override_hold",
        ELSEWHERE,
        lambda stage: {"until": _day(1), **WHY},
        "another's enrolment",
    ),
    Body(
        "override_stage",
        ELSEWHERE,
        lambda stage: {"stage": "S2_core", "review_on": _day(1), **WHY},
        "another's enrolment",
    ),
    Body(
        "override_clear",
        HERS,
        lambda stage: {
            "assessed_by": "Dr Ada Ames",
            "assessed_on": timezone.now().date().isoformat(),
            **WHY,
        },
        "her enrolment",
    ),
    Body(
        "override_move",
        ELSEWHERE,
        lambda stage: {
            "version": _another_version(),
            "stage": "S1_walking",
            "review_on": _day(1),
            "reason_code": "programme",
            "reason": REASON,
        },
        "another's enrolment",
    ),
    Body(
        "discharge",
        HERS,
        lambda stage: {"outcome": "referred_on", "handed_to": "Dr Ada Ames", "summary": REASON},
        "her enrolment",
    ),
    Body("red_flag_take", HERS, _as_shown, "her red flag"),
    Body("leave_programme", OTHER_RUNNER, lambda stage: {"words": REASON}),
    Body(
        "account_signup",
        STRANGER,
        lambda stage: {
            "name": "Nora",
            "email": "nora@example.org",
            "password1": "seven new kilometres",
            "time_zone": "Europe/London",
            "adult": "on",
        },
    ),
    Body(
        "account_change_password",
        OTHER_RUNNER,
        lambda stage: {"oldpassword": PASSWORD, "password1": "nine calm kilometres"},
        changes_something=False,  # a password is stored by chance, too
    ),
)

#: Address -> why there is no form of ours to try there.
NOT_A_FORM = {
    "snooze": "nobody here needs what may be put off; see test_caseload_acts.py",
    "demo_close_today": "a button without fields, in the demonstration only",
    "override_sign_off": "needs a programme that asks for it; see test_sign_off.py",
    "intake_step": "answers are kept in the session until the last step; see test_intake.py",
    "note_for": "the form of note with a date in the address",
    "note_withdraw": "a button",
    "check_in_for": "the form of check_in with a date in the address",
    "measure": "needs activities that were named before; see test_measures.py",
    "my_data_download": "a button",
    "my_data_delete": "a word to confirm; see test_my_data.py",
    "address_works": "a button for whom mails do not reach; see test_address_works.py",
    "account_login": "writes a session only",
    "account_logout": "writes a session only",
    "account_email_verification_sent": "a code",
    "account_reset_password": "an address",
    "account_reset_password_from_key": "needs the key",
    "account_confirm_login_code": "needs a sign-in that has begun",
    "mfa_authenticate": "a code",
    "mfa_login_webauthn": "a credential",
    "account_reauthenticate": "a password",
    "account_email": "an address and an action",
    "account_set_password": "only for an account without a password",
    "mfa_reauthenticate": "a code",
    "mfa_activate_totp": "a code",
    "mfa_deactivate_totp": "a button",
    "mfa_generate_recovery_codes": "a button",
    "mfa_add_webauthn": "a credential and a name",
    "mfa_reauthenticate_webauthn": "a credential",
    "mfa_remove_webauthn": "a button",
    "mfa_edit_webauthn": "a name",
    "usersessions_list": "a button",
}
