"""Sends so many, and looks at the tables after every so many of them."""

from collections.abc import Callable, Iterable
from itertools import islice

from scripts.hostile import tables
from scripts.hostile.attacks import Attacks
from scripts.hostile.report import Report
from scripts.hostile.site import Answer, Request


def attack(
    send_all: Callable[[list[Request]], Iterable[Answer]],
    attacks: Attacks,
    *,
    count: int,
    every: int,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """Return what came of ``count`` requests; ``send_all`` answers in the order that it was given."""
    report, rest = Report(), iter(attacks)
    before = tables.fingerprint()
    for number in range(0, count, every):
        batch = list(islice(rest, min(every, count - number)))
        answered = list(zip(batch, send_all(batch), strict=True))
        known = len(report.errors), len(report.changes)
        for request, answer in answered:
            report.answered(request, answer)
        after = tables.fingerprint()
        report.compare(before, after, answered)
        before = after
        # At once: a long run may be broken off.
        for line in (*report.errors[known[0] :], *report.changes[known[1] :]):
            say(line)
        say(f"{number + len(batch):6} sent, {len(report.errors)} errors, {len(report.changes)} changes")
    return report
