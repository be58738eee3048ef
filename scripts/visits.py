"""Who goes where when every page is looked at: the ways of ``pictures.py`` through the demonstration."""

from dataclasses import dataclass, field

#: Presses the button of the page's own form, with nothing filled in.
SEND = ("main form[method=post] :is(button, input)[type=submit]",)
SEVERAL = ("form#several button[type=submit]",)
#: The same of the form in which somebody writes, where another stands above it.
WRITE = ("main form:has(textarea) :is(button, input)[type=submit]",)
NO = ("main form input[type=radio][value=no]",)
#: The programme that the clinic of the demonstration wrote, and the draft of its next edition.
OWN = "/programmes/own-riverside-return-to-running-first-run-confirmed"
DRAFT = f"{OWN}/draft"


@dataclass(frozen=True)
class Shot:
    """An address, and what is pressed there before the page is looked at."""

    address: str
    press: tuple[str, ...] = ()


@dataclass(frozen=True)
class Visit:
    """Somebody's way through pages: name of a picture -> where. Nobody signs in where ``who`` is empty.

    ``{today}`` and ``{yesterday}`` in an address stand for these days; ``{tap}``, ``{again}`` and
    ``{way_out}`` for the newest link of that sort in a mail.
    """

    who: str
    pages: dict[str, str | Shot] = field(default_factory=dict)


def of(name: str, *endings: str, press: tuple[str, ...] = ()) -> Shot:
    """A page of a runner, reached by its links: nobody knows the address before."""
    links = tuple(f'main a[href*="/{ending}/"]' for ending in endings)
    return Shot("/caseload/", (f'.case-name a:has-text("{name}")', *links, *press))


RUNNER_PAGES = {
    "today": "/today/",
    "week": "/week/",
    "calendar": "/calendar/",
    "calendar-refused": Shot("/calendar/", ("input[name=when][value=time]", *SEND)),
    "calendar-made": Shot("/calendar/", SEND),
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
    "messages": "/messages/",
    "messages-refused": Shot("/messages/", WRITE),
    "settings": "/settings/",
    "mails": "/settings/mails/",
    "mails-refused": Shot("/settings/mails/", ("#div_id_reminder_days input", ".mail-save button")),
    "mails-sent": "/settings/mails/sent/",
    "leave": "/settings/leave/",
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
#: What a physiotherapist sees of her list and of each sort of runner, and her acts.
CASELOAD_PAGES = {
    "caseload": "/caseload/",
    "caseload-of-one": "/caseload/?q=rosa",
    "caseload-of-nobody": "/caseload/?q=nobody",
    "caseload-ended": "/caseload/ended/",
    "caseload-ended-nobody": "/caseload/ended/?q=nobody",
    "message-to-several-refused": Shot("/caseload/", ("#several-message summary", *SEVERAL)),
    "put-off": of("Tara", "put-off"),
    "put-off-refused": of("Tara", "put-off", press=SEND),
    "runner-red-flag": of("Emeka"),
    "runner-red-flag-yesterday": of("Ursula"),
    "runner-held": of("Hana"),
    "runner-to-confirm": of("Sanna"),
    "runner-put-off": of("Nils"),
    "runner-going-well": of("Rosa"),
    "runner-new": of("Zoe"),
    "hold": of("Rosa", "hold"),
    "hold-refused": of("Rosa", "hold", press=SEND),
    "set-stage": of("Rosa", "set-stage"),
    "set-stage-refused": of("Rosa", "set-stage", press=SEND),
    "clear": of("Ursula", "clear"),
    "clear-refused": of("Ursula", "clear", press=SEND),
    "confirm": of("Sanna", "sign-off"),
    "confirm-refused": of("Sanna", "sign-off", press=SEND),
    "move": of("Rosa", "move"),
    "move-differences": of("Rosa", "move", press=('main a[href*="?version="]',)),
    "move-refused": of("Rosa", "move", press=('main a[href*="?version="]', *SEND)),
    "discharge": of("Rosa", "discharge"),
    "discharge-refused": of("Rosa", "discharge", press=SEND),
    "changed-exercises": of("Rosa", "exercises"),
    "change-exercise": of("Rosa", "exercises", "exercises/side_plank"),
    "change-exercise-refused": of("Rosa", "exercises", "exercises/side_plank", press=SEND),
    "runner-messages": of("Rosa", "messages"),
    "runner-messages-refused": of("Rosa", "messages", press=WRITE),
    "runner-notes": of("Rosa", "notes"),
    "runner-notes-refused": of("Rosa", "notes", press=WRITE),
}
CLINIC_PAGES = {
    "mails-physiotherapist": "/settings/mails/",
    "mails-sent-physiotherapist": "/settings/mails/sent/",
    "agreement": "/agreement/?days=365",
    "workload": "/clinic/workload/",
    "clinic": "/account/clinic/",
    "clinic-settings": Shot("/account/clinic/", ('main a[href$="/settings/"]',)),
    "hand-overs": "/account/clinic/hand-overs/",
    "covers": "/account/clinic/covers/",
    "account-clinician": "/account/",
}
BUILDER_PAGES = {
    "builder": "/programmes/",
    "builder-begin": "/programmes/new/",
    "builder-begin-refused": Shot("/programmes/new/", SEND),
    "builder-import": "/programmes/import/",
    "builder-import-refused": Shot("/programmes/import/", SEND),
    "edition": f"{OWN}/1/",
    "editions": f"{OWN}/versions/",
    "edition-retire": f"{OWN}/1/retire/",
    "edition-retire-refused": Shot(f"{OWN}/1/retire/", SEND),
    "draft": f"{DRAFT}/",
    "draft-about": f"{DRAFT}/about/",
    "draft-rules": f"{DRAFT}/rules/",
    "draft-stage": f"{DRAFT}/stages/4/",
    "draft-stage-new": f"{DRAFT}/stages/new/",
    "draft-session": f"{DRAFT}/stages/4/sessions/1/",
    "draft-differences": f"{DRAFT}/differences/",
    "draft-walk": f"{DRAFT}/walk/",
    "draft-impact": f"{DRAFT}/impact/",
    "draft-publish": f"{DRAFT}/publish/",
    "draft-publish-refused": Shot(f"{DRAFT}/publish/", SEND),
    "own-exercises": "/own-exercises/",
    "own-exercise": "/own-exercises/new/",
    "own-exercise-refused": Shot("/own-exercises/new/", SEND),
}
MANAGER_PAGES = {
    "delivery-log": "/site/mails/",
    "delivery-log-narrowed": "/site/mails/?q=rosa&state=sent",
    "delivery-log-nothing": "/site/mails/?q=nobody@example.org",
    "admin": "/admin/",
    "admin-decisions": "/admin/programs/decision/",
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
            "one-tap": "{tap}1/",
            "ask-again": "{again}",
            "ask-again-refused": Shot("{again}", SEND),
            "way-out": "{way_out}",
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
    Visit("carmen", {"ended": "/ended/", "progress-ended": "/progress/"}),
    Visit("petra", CASELOAD_PAGES | CLINIC_PAGES | BUILDER_PAGES | SIGN_IN_PAGES),
    Visit("mara", MANAGER_PAGES),
)
