"""Which mails there are, to whom, and at which instant: rules without a clock and without rows."""

from programs.mailing.kinds import RULES, Rule, To, Until, rule_of
from programs.mailing.times import end_of_date, is_quiet, next_due, out_of_quiet

__all__ = [
    "RULES",
    "Rule",
    "To",
    "Until",
    "end_of_date",
    "is_quiet",
    "next_due",
    "out_of_quiet",
    "rule_of",
]
