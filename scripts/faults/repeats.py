"""Mails that never came, and those that came twice: each of these needs a try of its own, and what
broke off the try before it.

The policy (``accounts/services/outbox.py``): a crash between the server's answer and the row that
says so repeats one mail for each connection, with the same Message-ID. A mail that the server took
without an answer is tried again. Nothing else repeats a mail.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

#: One run of a worker sends over so many connections: docs/operations.md, REHAB_MAIL_CONNECTIONS.
CONNECTIONS = 4
#: How much later than its sender was killed the server of this run may have read a mail to its end.
LAG_SECONDS = 2.0
#: So often a mail may come however much met it: crashes are many in a run, and each meets few mails.
MOST_COPIES = 6


@dataclass(frozen=True)
class Copy:
    """One that the mail server has: when it came, and whether its sender was told so."""

    at: float
    is_answered: bool


@dataclass(frozen=True)
class Interruption:
    """What broke off runs of mails (seconds, monotonic), the mails that were on their way then, and
    how many of them it may repeat."""

    began: float
    ended: float
    met: frozenset[str]
    most: int = CONNECTIONS


@dataclass(frozen=True)
class Repeat:
    """A mail whose first of two copies was answered: only what broke off its sender explains the second."""

    mail: str
    first: float
    second: float


@dataclass
class Verdict:
    """``greatest``: how often the mail came that came most often."""

    repeats: int = 0
    greatest: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def judge(
    came: Mapping[str, Sequence[Copy]],
    rows: Mapping[str, tuple[str, int]],
    interruptions: Collection[Interruption],
) -> Verdict:
    """Judge each Message-ID by itself. ``rows``: its status and its tries; erased ones say nothing."""
    sent = [mail for mail, (status, _) in rows.items() if status == "sent"]
    verdict = Verdict(
        lost=[f"mail {mail} is marked as sent and never came" for mail in sent if mail not in came],
        repeats=sum(len(copies) - 1 for copies in came.values()),
        greatest=max(map(len, came.values()), default=0),
    )
    for mail, copies in came.items():
        _, tries = rows.get(mail, ("erased", MOST_COPIES))
        if len(copies) > min(tries, MOST_COPIES):
            verdict.doubled.append(f"mail {mail} came {len(copies)} times in {tries} tries")
    left = _unexplained(_repeats(came), interruptions)
    verdict.doubled += [f"mail {one.mail} came again, and nothing had met it" for one in left]
    return verdict


def _repeats(came: Mapping[str, Sequence[Copy]]) -> list[Repeat]:
    return [
        Repeat(mail, one.at, following.at)
        for mail, copies in came.items()
        for one, following in pairwise(sorted(copies, key=lambda copy: copy.at))
        if one.is_answered
    ]


def _unexplained(repeats: list[Repeat], interruptions: Collection[Interruption]) -> list[Repeat]:
    """Give each repeat to an interruption that met it, and to none more than it may have caused."""
    candidates = {
        repeat: [one for one in interruptions if _may_have_caused(one, repeat)] for repeat in repeats
    }
    held: dict[int, list[Repeat]] = {}

    def is_given(repeat: Repeat, asked: set[int]) -> bool:
        for one in candidates[repeat]:
            if id(one) in asked:
                continue
            asked.add(id(one))
            mine = held.setdefault(id(one), [])
            if len(mine) < one.most:
                mine.append(repeat)
                return True
            # Another interruption may take one of those that it holds.
            for other in mine:
                if is_given(other, asked):
                    mine[mine.index(other)] = repeat
                    return True
        return False

    return [repeat for repeat in repeats if not is_given(repeat, set())]


def _may_have_caused(one: Interruption, repeat: Repeat) -> bool:
    in_time = one.began <= repeat.second and one.ended >= repeat.first - LAG_SECONDS
    return in_time and repeat.mail in one.met
