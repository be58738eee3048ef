"""Taking a person out of words that others wrote: her name and her addresses."""

import re
from collections.abc import Iterable

from django.db.models import Q

from accounts.models import AccountMail, MailStatus
from programs.engine.records import digest
from programs.models import Decision, Override

SOMEBODY, SOME_ADDRESS = "the runner", "(address removed)"
#: Shorter parts of a name are parts of too many words.
SHORTEST_PART = 3


class Redaction:
    """Called with a text, returns it without the person; the same for all her texts."""

    def __init__(self, name: str, addresses: Iterable[str], *, parts: bool = True):
        words = re.split(r"[\s,;.()\"]+", name) if parts else ()
        parts = [name, *(word for word in words if len(word) >= SHORTEST_PART)]
        self._addresses = any_address(addresses)
        self._names = _any_of(part for part in parts if part)

    def __call__(self, text: str) -> str:
        for found, instead in ((self._addresses, SOME_ADDRESS), (self._names, SOMEBODY)):
            text = found.sub(instead, text) if found else text
        return text


def _any_of(words: Iterable[str]) -> re.Pattern | None:
    """Finds whole words whatever their case, the longest first."""
    escaped = sorted({re.escape(word) for word in words}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(escaped)})(?!\w)", re.IGNORECASE) if escaped else None


def any_address(addresses: Iterable[str]) -> re.Pattern | None:
    """Finds whole addresses: that of Anna is no part of that of Hanna."""
    escaped = "|".join(sorted(map(re.escape, addresses), key=len, reverse=True))
    return re.compile(rf"(?<![\w.+%-])(?:{escaped})(?![\w-]|\.\w)", re.IGNORECASE) if escaped else None


def redact_acts(enrolment_ids: list[int], without: Redaction) -> None:
    """Reasons that clinicians gave stay, without the person; inside an open erasure.

    They stand in the acts, in the inputs of decisions and in the reasons of
    decisions, in the same words. A decision still follows from its inputs.
    """
    for row in Decision.objects.filter(enrolment__in=enrolment_ids).select_related("override"):
        _redact_decision(row, without)
    for act in Override.objects.filter(enrolment__in=enrolment_ids):
        words = {name: without(getattr(act, name)) for name in ("reason", "assessed_by")}
        if any(getattr(act, name) != text for name, text in words.items()):
            Override.objects.filter(pk=act.pk).redact(**words)


def _redact_decision(row: Decision, without: Redaction) -> None:
    acts = [act for act in _acts_in(row.inputs) if without(act["reason"]) != act["reason"]]
    given = {act["reason"] for act in acts} | ({row.override.reason} if row.override else set())
    for act in acts:
        act["reason"] = without(act["reason"])
    reason = row.reason
    for words in given:
        reason = reason.replace(words, without(words))
    if acts or reason != row.reason:
        rows = Decision.objects.filter(pk=row.pk)
        rows.redact(inputs=row.inputs, inputs_hash=digest(row.inputs), reason=reason)


def _acts_in(inputs: dict) -> list[dict]:
    """What a clinician did and why, wherever the inputs of a decision hold it."""
    found = (inputs["state"]["hold"], inputs["stage_set"], inputs["cleared"])
    return [act for act in found if act]


def redact_mails_to_others(name: str, addresses: list[str]) -> None:
    """Mails that are on their way to somebody else go out without her.

    Nobody's mail may be spoilt by how somebody called herself, so of a name only
    the whole counts, and a single word such as “https” does not.
    """
    name = name if " " in name else ""
    without = Redaction(name, addresses, parts=False)
    told = Q()
    for word in filter(None, (name, *addresses)):
        told |= Q(subject__icontains=word) | Q(text__icontains=word) | Q(html__icontains=word)
    for mail in AccountMail.objects.filter(told, status=MailStatus.OWED):
        texts = {part: without(getattr(mail, part)) for part in ("subject", "text", "html")}
        AccountMail.objects.filter(pk=mail.pk, status=MailStatus.OWED).update(**texts)
