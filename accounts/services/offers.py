"""A runner gives a code to her physiotherapist, who takes it: that is the consent."""

import datetime
import secrets

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.emails import words_of
from accounts.links import page
from accounts.models import (
    Consent,
    ConsentVia,
    InvitationKind,
    InvitationOutcome,
    User,
)
from accounts.services.consents import grant_consent, lock_person, withdraw_offers_of
from accounts.services.errors import Refused
from accounts.services.invitations import inviter_of, issue, locked_open, settle
from accounts.services.mail import owe_mail

#: No letters that look like digits, and no vowels that make words.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
#: 27^12 is about 2^57; tries are limited, and a code lives a week.
CODE_LENGTH = 12
LIFE = datetime.timedelta(days=7)
#: One answer to every code that is none: which of the reasons it is, is nobody's business.
NO_SUCH_CODE = format_lazy(
    _(
        "This code does not work. It may be mistyped, used, taken back or older than {days} days. "
        "Ask the runner for a new one."
    ),
    days=LIFE.days,
)


@transaction.atomic
def make_offer(*, runner: User, now: datetime.datetime) -> str:
    """Return a new code, shown once; earlier codes of this runner are dead from now on."""
    if not runner.is_runner:
        raise Refused(_("Only a runner can give access to her data."))
    lock_person(runner)
    withdraw_offers_of(runner, by=runner, now=now)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    issue(kind=InvitationKind.OFFER, by=runner, now=now, life=LIFE, secret=code)
    return code


@transaction.atomic
def withdraw_offer(*, runner: User, now: datetime.datetime) -> int:
    """Take back the code that nobody has taken yet. Returns how many there were (0 or 1)."""
    lock_person(runner)
    return withdraw_offers_of(runner, by=runner, now=now)


@transaction.atomic
def accept_offer(*, code: str, clinician: User, now: datetime.datetime) -> Consent:
    """Take the access that a runner offers. Raises Refused; a code works once."""
    if not clinician.is_clinician:
        raise Refused(_("Only a physiotherapist can take this code."))
    secret = normal(code)
    # The runner before her invitation, as everything that ends one takes them.
    runner = inviter_of(kind=InvitationKind.OFFER, secret=secret, now=now, gone=NO_SUCH_CODE)
    lock_person(runner)
    invitation = locked_open(kind=InvitationKind.OFFER, secret=secret, now=now, gone=NO_SUCH_CODE)
    consent = grant_consent(runner=runner, clinician=clinician, now=now, via=ConsentVia.OFFER)
    settle(invitation, outcome=InvitationOutcome.ACCEPTED, by=clinician, now=now, consent=consent)
    words = words_of("access_taken", {"recipient": runner, "clinician": clinician, "link": page("access")})
    owe_mail(email=runner.email, kind="access_taken", words=words, now=now, recipient=runner)
    return consent


def normal(code: str) -> str:
    """The code as it was made, however it was typed: spaces, hyphens and small letters."""
    return "".join(character for character in code.upper() if character in ALPHABET)[: CODE_LENGTH + 1]


def grouped(code: str) -> str:
    """The code as it is shown: three groups of four."""
    return "-".join(code[first : first + 4] for first in range(0, len(code), 4))
