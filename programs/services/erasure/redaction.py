"""Taking a person out of words that others wrote: her name and her addresses."""

import re
from collections.abc import Iterable

from django.db.models import Q

from accounts.models import AccountMail, MailStatus
from programs.engine.records import digest
from programs.models import Adjustment, ClinicalNote, Decision, Discharge, Override, SharedMessage

#: No words of a sentence: whoever reads on sees that something was taken out.
SOMEBODY, SOME_ADDRESS = "[name]", "(address removed)"
#: Shorter parts of a name are parts of too many words.
SHORTEST_PART, SHORTEST_NAME = 3, 2
#: In place of her own messages: they may name somebody, and nothing was decided by them.
OWN_MESSAGE = "[removed]"
#: Words about her that physiotherapists wrote beside their acts.
WRITTEN_ABOUT = (
    (ClinicalNote, ("words",)),
    (SharedMessage, ("words",)),
    (Adjustment, ("reason",)),
    (Discharge, ("summary", "handed_to")),
)
#: Words that people are called, too, and that a reason turns on: alone they stay.
TURNING_WORDS = """
all any april august bend but can day days do even ever few go he hold i if in is it june just
less light long march may might more most must never no none nor not of off on one only or out
pace pain pause race rest run she short slow so some stay step still stop sunday then two until
walk week weeks well when will with without yes
"""
TURNING = frozenset(TURNING_WORDS.split())


class Redaction:
    """Called with a text, returns it without the person; the same for all her texts."""

    def __init__(self, name: str, addresses: Iterable[str], *, parts: bool = True):
        self._addresses = any_address(addresses)
        self._names = any_name(name, parts=parts)

    def __call__(self, text: str) -> str:
        for found, instead in ((self._addresses, SOME_ADDRESS), (self._names, SOMEBODY)):
            text = found.sub(instead, text) if found else text
        return text


def any_name(name: str, *, parts: bool) -> re.Pattern | None:
    """Finds the whole name in any case, and its parts only with their capital letters.

    A reason must go on saying what it said: “Must not run, will be seen again”
    also where the runner is called Will Not. So a word in small letters is never
    taken for a part of a name, nor, where the name has a word on which a reason
    turns, for a part of the whole.
    """
    words = name.split()
    found = []
    if len(words) > 1:
        is_plain = TURNING.isdisjoint(re.split(r"\W+", name.casefold()))
        forms = [re.escape(word) if is_plain else _as_written(word, name) for word in words]
        whole = r"\s+".join(forms)
        found = [f"(?i:{whole})" if is_plain else whole]
    if len(words) == 1 and len(words[0]) >= SHORTEST_NAME:
        found = _alone(words, name)
    if parts:
        pieces = {piece for piece in re.split(r"[\s,;.()\"]+", name) if len(piece) >= SHORTEST_PART}
        found += _alone(sorted(pieces, key=len, reverse=True), name)
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None


def _alone(words: list[str], name: str) -> list[str]:
    """Patterns of those that can only be the name: they have a capital letter and turn no sentence."""
    is_small = name == name.lower()
    names = [word for word in words if is_small or word != word.lower() or word == word.upper()]
    names = [word for word in names if word.casefold() not in TURNING]
    return [f"(?:{_as_written(word, name)}|{re.escape(word.upper())})" for word in names]


def _as_written(word: str, name: str) -> str:
    """A word as others write it: the small “van” of a name stays small, “anna meier” is Anna Meier."""
    if name == name.lower():
        return re.escape(word.capitalize())
    capitals = {word, word.capitalize()} if name == name.upper() else {word}
    return f"(?:{'|'.join(sorted(map(re.escape, capitals)))})"


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


def redact_words(enrolment_ids: list[int], runner_id: int, without: Redaction) -> None:
    """Notes, messages, changes and summaries stay, without the person; inside an open erasure."""
    own = SharedMessage.objects.filter(enrolment__in=enrolment_ids, written_by=runner_id)
    own.redact(words=OWN_MESSAGE)
    for model, columns in WRITTEN_ABOUT:
        for row in model.objects.filter(enrolment__in=enrolment_ids):
            words = {name: without(getattr(row, name)) for name in columns}
            if any(getattr(row, name) != text for name, text in words.items()):
                model.objects.filter(pk=row.pk).redact(**words)


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
    found = (inputs["state"]["hold"], inputs["stage_set"], inputs["cleared"], inputs.get("signed_off"))
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
