"""What each kind of mail is, for the page where it is chosen, and the list of what was sent."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models import MessageKind as Kind


@dataclass(frozen=True, slots=True)
class Words:
    """``what`` it says, or for a mail that is always on why it is."""

    title: Promise
    what: Promise


KIND_WORDS: dict[str, Words] = {
    Kind.REMINDER: Words(
        _("Daily reminder"),
        _("Your plan of the day, and the question how your back is. Not sent once the day is logged."),
    ),
    Kind.MORNING_AFTER: Words(
        _("The morning after a session"), _("Asks for your pain on waking, on the day after a session.")
    ),
    Kind.NUDGE: Words(
        _("A second question"), _("Asks once more, at a time of your own, if nothing is logged by then.")
    ),
    Kind.AGAIN: Words(_("Asked again"), _("Because you wished to be asked later.")),
    Kind.WEEKLY: Words(_("Summary of the week"), _("What you did in the last week, in plain numbers.")),
    Kind.SILENT: Words(
        _("Shall we pause?"),
        _(
            "In place of the reminder, once, after seven days without an entry. Then no more questions "
            "until you log again."
        ),
    ),
    Kind.ADVANCE: Words(_("A step forward"), _("When you move on to the next step, and why.")),
    Kind.STEP_BACK: Words(_("A step back"), _("When your plan goes back a step, and why.")),
    Kind.WRITTEN: Words(
        _("News from your physiotherapist"),
        _("That there is a message, or a change of your programme, to read here. At most once a day."),
    ),
    Kind.PAUSE: Words(
        _("Your programme is paused"),
        _("It says what to do now and whom to call. If it is urgent it comes at any hour."),
    ),
    Kind.CLINICIAN_PAUSE: Words(
        _("A runner of yours is paused"),
        _("It says how pressing it is. It comes at night too, unless your clinic says otherwise."),
    ),
    Kind.FLAG_UNSEEN: Words(
        _("A red flag that nobody has seen"),
        _("If you lead a clinic: a runner may need somebody, and nobody has looked yet."),
    ),
    Kind.DIGEST: Words(
        _("Who needs you today"), _("The runners of your caseload who need somebody, with the reasons.")
    ),
    Kind.REVIEWS: Words(
        _("Due for another look"), _("Holds and changes of yours that you wanted to look at again today.")
    ),
}

ACCOUNT = Words(
    _("Codes, links and changes of your account"),
    _("You need them to sign in, and they tell you if somebody else tries to. They come at any hour."),
)

#: Kind of an account mail -> its name in the list; what is not here is one of ``ACCOUNT_MAIL``.
ACCOUNT_KINDS: dict[str, Promise] = {
    "test": _("A test that you asked for"),
    "login_code": _("A code to sign in"),
    "password_reset_link": _("A link to a new password"),
    "password_reset_code": _("A code for a new password"),
    "email_confirmation": _("A code to confirm your address"),
    "email_confirmation_signup": _("A code to confirm your address"),
    "second_factor_reset": _("Your second factor was reset"),
    "access_taken": _("Somebody was let in to your data"),
    "ask_accepted": _("A runner let you in"),
}
ACCOUNT_MAIL = _("About your account")


def title_of(kind: str) -> str:
    """The name of a mail of either table."""
    if kind in KIND_WORDS:
        return str(KIND_WORDS[kind].title)
    return str(ACCOUNT_KINDS.get(kind, ACCOUNT_MAIL))
