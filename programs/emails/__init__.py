"""One function per kind of message: a row and its content in, an e-mail with text and HTML out.

Subjects never name a score, a stage or an injury: they show on locked screens.
Links are built from SITE_URL and from nothing that a request says. What a mail
says of plans, weeks and lists comes as its ``Content`` (``programs.mail_contents``),
read for a whole batch at once; here hardly anything is read.
"""

from django.core.mail import EmailMultiAlternatives

from accounts.emails import Words, in_language_of
from programs.emails import clinicians, daily, decisions, weeks
from programs.emails.content import NOTHING_MORE, Content
from programs.emails.letters import email_of
from programs.models import MessageKind, MessageOwed

__all__ = ["BUILDERS", "NOTHING_MORE", "Content", "email_for", "words_for"]

BUILDERS = {
    MessageKind.REMINDER: daily.reminder,
    MessageKind.MORNING_AFTER: daily.morning_after,
    MessageKind.NUDGE: daily.nudge,
    MessageKind.AGAIN: daily.again,
    MessageKind.WEEKLY: weeks.weekly,
    MessageKind.SILENT: weeks.silent,
    MessageKind.WRITTEN: decisions.written,
    MessageKind.ADVANCE: decisions.advance,
    MessageKind.STEP_BACK: decisions.step_back,
    MessageKind.PAUSE: decisions.pause,
    MessageKind.CLINICIAN_PAUSE: clinicians.clinician_pause,
    MessageKind.FLAG_UNSEEN: clinicians.flag_unseen,
    MessageKind.DIGEST: clinicians.digest,
    MessageKind.REVIEWS: clinicians.reviews,
}


def words_for(message: MessageOwed, content: Content = NOTHING_MORE) -> Words:
    """What a message owed says, in the language of whoever gets it."""
    with in_language_of(message.recipient):
        return BUILDERS[message.kind](message, content)


def email_for(
    message: MessageOwed, content: Content = NOTHING_MORE, connection=None
) -> EmailMultiAlternatives:
    """Build the e-mail of a message owed. One whose content says ``skip`` is not to be built."""
    return email_of(message, words_for(message, content), connection)
