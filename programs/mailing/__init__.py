"""Which mails there are, to whom, and at which instant: rules without a clock and without rows."""

from programs.mailing.kinds import RULES, SAFETY, SILENCED, Rule, To, Until, choices_behind, rule_of
from programs.mailing.quiet import LONGEST_QUIET, OF_RED_FLAGS, Quiet, latest, quiet_for, waits
from programs.mailing.times import end_of_date, is_quiet, next_due, out_of_quiet

__all__ = [
    "LONGEST_QUIET",
    "OF_RED_FLAGS",
    "RULES",
    "SAFETY",
    "SILENCED",
    "Quiet",
    "Rule",
    "To",
    "Until",
    "choices_behind",
    "end_of_date",
    "is_quiet",
    "latest",
    "next_due",
    "out_of_quiet",
    "quiet_for",
    "rule_of",
    "waits",
]
