"""Which mails there are, to whom, and at which instant: rules without a clock and without rows."""

from programs.mailing.kinds import RULES, SAFETY, Rule, To, Until, choices_behind, rule_of
from programs.mailing.quiet import OF_RED_FLAGS, Quiet, waits
from programs.mailing.times import end_of_date, is_quiet, next_due, out_of_quiet

__all__ = [
    "OF_RED_FLAGS",
    "RULES",
    "SAFETY",
    "Quiet",
    "Rule",
    "To",
    "Until",
    "choices_behind",
    "end_of_date",
    "is_quiet",
    "next_due",
    "out_of_quiet",
    "rule_of",
    "waits",
]
