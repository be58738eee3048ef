"""Hand-overs as the two colleagues and a lead see them."""

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass

from accounts.models import Consent, HandOver, HandOverOutcome, MailStatus, User
from accounts.presentation import COUNTED, HANDED_OVER
from accounts.selectors.clinic import colleagues_of

#: Settled ones are shown for so long.
SHOWN_FOR = datetime.timedelta(days=90)


@dataclass(frozen=True)
class OwnHandOver:
    """Of an own runner; ``runner`` is empty once she may not be seen any more."""

    hand_over_id: uuid.UUID
    runner: str
    colleague: str
    proposed_at: datetime.datetime
    told_at: datetime.datetime | None
    not_before: datetime.datetime
    settled_at: datetime.datetime | None
    state: str
    tone: str
    is_open: bool


@dataclass(frozen=True)
class ComingHandOver:
    """To the reader, who learns nothing of the runner before it happens."""

    hand_over_id: uuid.UUID
    clinician: str
    not_before: datetime.datetime


@dataclass(frozen=True)
class ProposedForOthers:
    """Proposed by a lead for a colleague's runners: how many are where."""

    clinician: str
    colleague: str
    proposed_at: datetime.datetime
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class HandOversPage:
    own: tuple[OwnHandOver, ...]
    coming: tuple[ComingHandOver, ...]
    for_others: tuple[ProposedForOthers, ...]
    #: Everybody whom the page names: the audit has a row for each.
    runner_ids: frozenset[int]
    may_propose: bool


@dataclass(frozen=True)
class HandOverChoices:
    """What the form offers: colleagues, and own runners without an open proposal."""

    colleagues: tuple[tuple[str, str], ...]
    runners: tuple[tuple[str, str], ...]
    runner_ids: frozenset[int]


def hand_overs_page(*, clinician: User, now: datetime.datetime) -> HandOversPage:
    """Everything that she proposed or is to receive (five queries)."""
    rows = HandOver.objects.select_related(
        "consent__runner", "consent__clinician", "to", "notice", "proposed_by"
    )
    recent = rows.filter(proposed_at__gt=now - SHOWN_FOR)
    own = list(recent.filter(consent__clinician=clinician).order_by("-proposed_at", "-pk"))
    seen = set(Consent.objects.in_force(now).filter(clinician=clinician).values_list("runner", flat=True))
    coming = rows.open().filter(to=clinician).order_by("takes_effect_at", "pk")
    others = recent.filter(proposed_by=clinician).exclude(consent__clinician=clinician)
    return HandOversPage(
        own=tuple(_own(row, row.consent.runner_id in seen) for row in own),
        coming=tuple(
            ComingHandOver(r.public_id, str(r.consent.clinician), r.takes_effect_at) for r in coming
        ),
        for_others=_for_others(others.order_by("-proposed_at", "pk")),
        runner_ids=frozenset(row.consent.runner_id for row in own) & seen,
        may_propose=bool(colleagues_of(clinician)),
    )


def hand_over_choices(*, clinician: User, now: datetime.datetime) -> HandOverChoices:
    """Colleagues and own runners (two queries)."""
    own = Consent.objects.own(now).filter(clinician=clinician)
    free = own.exclude(pk__in=HandOver.objects.open().values("consent")).select_related("runner")
    consents = list(free.order_by("runner__name", "pk"))
    return HandOverChoices(
        colleagues=colleagues_of(clinician),
        runners=tuple((str(consent.public_id), str(consent.runner)) for consent in consents),
        runner_ids=frozenset(consent.runner_id for consent in consents),
    )


def _own(row: HandOver, is_seen: bool) -> OwnHandOver:
    state, tone = HANDED_OVER[HandOverOutcome(row.outcome)]
    is_told = row.notice is not None and row.notice.status == MailStatus.SENT
    return OwnHandOver(
        hand_over_id=row.public_id,
        runner=str(row.consent.runner) if is_seen else "",
        colleague=str(row.to),
        proposed_at=row.proposed_at,
        told_at=row.notice.settled_at if is_told else None,
        not_before=row.takes_effect_at,
        settled_at=row.settled_at,
        state=state,
        tone=tone,
        is_open=row.outcome == HandOverOutcome.OPEN,
    )


def _for_others(rows) -> tuple[ProposedForOthers, ...]:
    found: dict[tuple, Counter] = {}
    for row in rows:
        group = (str(row.consent.clinician), str(row.to), row.proposed_at)
        found.setdefault(group, Counter())[HandOverOutcome(row.outcome)] += 1
    return tuple(
        ProposedForOthers(
            *group, counts=tuple((words, counts[what]) for what, words in COUNTED.items() if counts[what])
        )
        for group, counts in found.items()
    )
