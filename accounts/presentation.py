"""What became of consents, invitations, hand-overs and looks -> words, tone, icon: one table."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import stored
from accounts.models import Act, ConsentVia, HandOverOutcome, InvitationOutcome

#: How a consent came about, said to the runner.
HOW = {
    ConsentVia.GRANT: _("you allowed it"),
    ConsentVia.OFFER: _("took your code"),
    ConsentVia.ASK: _("you accepted the invitation"),
    ConsentVia.HAND_OVER: _("took over from a colleague"),
    ConsentVia.COVER: _("holiday cover"),
}

#: What became of an invitation, said to whoever sent it: words and tone.
ASKED = {
    InvitationOutcome.OPEN: (_("waiting for an answer"), "info"),
    InvitationOutcome.ACCEPTED: (_("accepted"), "advance"),
    InvitationOutcome.DECLINED: (_("declined"), "hold"),
    InvitationOutcome.WITHDRAWN: (_("withdrawn by you"), "neutral"),
}
RUN_OUT = (_("not answered in time"), "neutral")

#: What became of a hand-over: words and tone.
HANDED_OVER = {
    HandOverOutcome.OPEN: (_("waits for the runner"), "info"),
    HandOverOutcome.DONE: (_("done"), "advance"),
    HandOverOutcome.REFUSED: (_("refused by the runner"), "hold"),
    HandOverOutcome.WITHDRAWN: (_("withdrawn"), "neutral"),
    HandOverOutcome.LAPSED: (_("could no longer be done"), "neutral"),
}
#: The same after a number.
COUNTED = {
    HandOverOutcome.OPEN: _("waiting for an answer"),
    HandOverOutcome.DONE: _("done"),
    HandOverOutcome.REFUSED: _("refused"),
    HandOverOutcome.WITHDRAWN: _("withdrawn"),
    HandOverOutcome.LAPSED: _("no longer possible"),
}

#: What somebody did with a runner's data, for the runner to read: words and icon.
SEEN = {
    Act.LIST: (_("saw you in a list"), "people"),
    Act.VIEW: (_("opened"), "person"),
    Act.OVERRIDE: (_("acted on your programme"), "hold"),
    Act.EXPORT: (_("took a copy of your data"), "note"),
    Act.MAIL: (_("was told by e-mail"), "mail"),
    Act.ADMIN: (_("looked into the administration"), "settings"),
    Act.CONSENT: (_("changed who has access"), "lock"),
}

#: What is written beside it, with names; the rest of it is whole sentences.
DETAILS = (
    gettext_noop("access given to {clinician}"),
    gettext_noop("access of {clinician} ended"),
    gettext_noop("holiday cover by {clinician} ended"),
    gettext_noop("{colleague} covers for {clinician}"),
)


def said_detail(detail: str) -> str:
    """What the audit holds in English, for whoever reads it."""
    return stored.said(detail, DETAILS, {})
