"""What became of consents, invitations, hand-overs and looks -> words, tone, icon: one table."""

from accounts.models import Act, ConsentVia, HandOverOutcome, InvitationOutcome

#: How a consent came about, said to the runner.
HOW = {
    ConsentVia.GRANT: "you allowed it",
    ConsentVia.OFFER: "took your code",
    ConsentVia.ASK: "you accepted the invitation",
    ConsentVia.HAND_OVER: "took over from a colleague",
    ConsentVia.COVER: "holiday cover",
}

#: What became of an invitation, said to whoever sent it: words and tone.
ASKED = {
    InvitationOutcome.OPEN: ("waiting for an answer", "info"),
    InvitationOutcome.ACCEPTED: ("accepted", "advance"),
    InvitationOutcome.DECLINED: ("declined", "hold"),
    InvitationOutcome.WITHDRAWN: ("withdrawn by you", "neutral"),
}
RUN_OUT = ("not answered in time", "neutral")

#: What became of a hand-over: words and tone.
HANDED_OVER = {
    HandOverOutcome.OPEN: ("waits for the runner", "info"),
    HandOverOutcome.DONE: ("done", "advance"),
    HandOverOutcome.REFUSED: ("refused by the runner", "hold"),
    HandOverOutcome.WITHDRAWN: ("withdrawn", "neutral"),
    HandOverOutcome.LAPSED: ("could no longer be done", "neutral"),
}
#: The same after a number.
COUNTED = {
    HandOverOutcome.OPEN: "waiting for an answer",
    HandOverOutcome.DONE: "done",
    HandOverOutcome.REFUSED: "refused",
    HandOverOutcome.WITHDRAWN: "withdrawn",
    HandOverOutcome.LAPSED: "no longer possible",
}

#: What somebody did with a runner's data, for the runner to read: words and icon.
SEEN = {
    Act.LIST: ("saw you in a list", "people"),
    Act.VIEW: ("opened", "person"),
    Act.OVERRIDE: ("acted on your programme", "hold"),
    Act.EXPORT: ("took a copy of your data", "note"),
    Act.MAIL: ("was told by e-mail", "mail"),
    Act.ADMIN: ("looked into the administration", "settings"),
    Act.CONSENT: ("changed who has access", "lock"),
}
