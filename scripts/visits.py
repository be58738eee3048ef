"""Who goes where when every page is looked at: the ways of ``pictures.py`` through the demonstration."""

from dataclasses import dataclass, field

#: Presses the button of the page's own form, with nothing filled in.
SEND = ("main form[method=post] button[type=submit]",)
NO = ("main form input[type=radio][value=no]",)


@dataclass(frozen=True)
class Shot:
    """An address, and what is pressed there before the page is looked at."""

    address: str
    press: tuple[str, ...] = ()


@dataclass(frozen=True)
class Visit:
    """Somebody's way through pages: name of a picture -> where. Nobody signs in where ``who`` is empty.

    ``{today}`` and ``{yesterday}`` in an address stand for these days.
    """

    who: str
    pages: dict[str, str | Shot] = field(default_factory=dict)


RUNNER_PAGES = {
    "today": "/today/",
    "week": "/week/",
    "check-in": "/check-in/",
    "check-in-refused": Shot("/check-in/", ("form[data-check-in] button[type=submit]",)),
    "correction": "/check-in/{yesterday}/",
    "check-in-locked": "/check-in/2020-01-01/",
    "saved": "/check-in/{yesterday}/saved/",
    "note": "/note/",
    "note-refused": Shot("/note/", SEND),
    "note-on-a-day": "/note/on/{yesterday}/",
    "measures": "/measures/",
    "activities": "/measures/activities/",
    "activities-refused": Shot("/measures/activities/", SEND),
    "answering": "/measures/answer/psfs/",
    "answering-nothing": Shot("/measures/answer/psfs/", SEND),
    "why": "/why/",
    "progress": "/progress/",
    "progress-everything": "/progress/?range=all",
    "progress-a-month": "/progress/?range=28",
    "programme": "/programme/",
    "programmes-signed-in": "/programmes/",
    "exercises": "/exercises/",
    "exercise": "/exercises/side_plank/",
    "exercise-moving": "/exercises/cat_cow/",
    "self-care": "/self-care/",
    "safety-signed-in": "/safety/",
    "something-wrong": "/something-wrong/",
    "something-wrong-refused": Shot("/something-wrong/", SEND),
    "settings": "/settings/",
    "language": "/account/language/",
    "account": "/account/",
    "account-name": "/account/name/",
    "access": "/account/access/",
    "offer": "/account/access/code/",
    "records": "/account/records/",
    "my-data": "/my-data/",
    "my-data-download": "/my-data/download/",
    "my-data-delete": "/my-data/delete/",
    "offline": "/offline/",
    "offline-check-in": "/offline/check-in/",
    "offline-kept": "/offline/kept/",
    "offline-kept-sign": "/offline/kept/?level=emergency",
    "offline-not-kept": "/offline/kept/?failed",
    "offline-something-wrong": "/offline/something-wrong/",
    # The player may go on from where it was; what is not there is not pressed.
    "session": "/session/1/",
    "session-running": Shot("/session/1/", ("[data-do=start]",)),
    "session-paused": Shot("/session/1/", ("[data-do=start]", "[data-do=pause]")),
    "session-ending": Shot("/session/1/", ("[data-do=start]", "[data-do=end]")),
    "session-hurts": Shot("/session/1/", ("[data-do=start]", "[data-do=hurts]")),
}
SIGN_IN_PAGES = {
    "second-factor": "/accounts/2fa/",
    "passkeys": "/accounts/2fa/webauthn/",
    "add-passkey": "/accounts/2fa/webauthn/add/",
    "sessions": "/accounts/sessions/",
}
PAUSED_PAGES = {
    "today-paused": "/today/",
    "paused": "/paused/",
    "back-in": "/paused/back/",
    "week-paused": "/week/",
    "check-in-paused": "/check-in/",
    "progress-paused": "/progress/",
    "why-paused": "/why/",
    "programme-paused": "/programme/",
    "session-closed": "/session/1/",
}
INTAKE_PAGES = {
    "intake": "/start/",
    "intake-refused": Shot("/start/", SEND),
    "intake-suitable": Shot("/start/", ("#id_consent", "#id_understood", *SEND)),
    "intake-suitable-refused": Shot("/start/", SEND),
    "intake-signs": Shot("/start/", NO + SEND),
    "intake-pain": Shot("/start/", NO + SEND),
    "intake-pain-refused": Shot("/start/", SEND),
    "intake-programme": Shot(
        "/start/",
        (
            "input[name=intake_pain][value='4']",
            "input[name=baseline_morning][value='2']",
            "input[name=duration][value=fresh]",
            *NO,
            *SEND,
        ),
    ),
    "intake-start": Shot("/start/", SEND),
    "intake-start-refused": Shot("/start/", SEND),
    "today-new": "/today/",
    "progress-new": "/progress/",
    "something-wrong-new": "/something-wrong/",
    "settings-new": "/settings/",
}

VISITS = (
    Visit(
        "",
        {
            "home": "/",
            "sign-in": "/accounts/login/",
            "sign-in-refused": Shot("/accounts/login/", SEND),
            "sign-up": "/accounts/signup/",
            "sign-up-refused": Shot("/accounts/signup/", SEND),
            "password-forgotten": "/accounts/password/reset/",
            "language-stranger": "/account/language/",
            "safety": "/safety/",
            "programmes": "/programmes/",
            "offline-stranger": "/offline/",
        },
    ),
    Visit("rosa", RUNNER_PAGES),
    Visit("wanda", {"today-done": "/today/", "saved-today": "/check-in/{today}/saved/"}),
    Visit("emeka", {"today-emergency": "/today/", "paused-emergency": "/paused/"}),
    Visit("severin", PAUSED_PAGES | {"back-in-refused": Shot("/paused/back/", SEND)}),
    Visit("flora", {"today-easy-day": "/today/", "session-strength": "/session/1/"}),
    Visit("fiona", {"today-final": "/today/", "week-final": "/week/", "measures-full": "/measures/"}),
    Visit("yusuf", {"today-top": "/today/", "progress-top": "/progress/?range=all", "week-top": "/week/"}),
    Visit("zoe", {"today-rest": "/today/", "progress-rest": "/progress/", "measures-empty": "/measures/"}),
    Visit("nadia", INTAKE_PAGES),
    Visit("petra", {"caseload": "/caseload/", "account-clinician": "/account/", **SIGN_IN_PAGES}),
    Visit("mara", {"admin": "/admin/", "admin-decisions": "/admin/programs/decision/"}),
)
