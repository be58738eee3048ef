"""What a questionnaire asks, whatever its kind, and which answers each item can take.

An answer is a whole number (a scale, a chosen option), a list of ticked
statements, the word ``not_applicable``, or None: not answered. An empty list
is an answer too, "none of these"; None is never a zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOT_APPLICABLE = "not_applicable"
NUMBER, CHOICE, TICKS = "number", "choice", "ticks"

Answer = int | str | list[str] | None
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Option:
    """One statement to choose or to tick; ``value`` is a number or the key of the statement."""

    value: int | str
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it is shown; ``low`` and ``high`` are the words at the ends of a scale."""

    key: str
    words: str
    kind: str
    lowest: int
    highest: int
    low: str = ""
    high: str = ""
    options: tuple[Option, ...] = ()
    may_not_apply: bool = False

    def takes(self, answer: Answer) -> bool:
        """Is this an answer that the item can have? None always is."""
        if answer is None:
            return True
        if answer == NOT_APPLICABLE:
            return self.may_not_apply
        if self.kind == TICKS:
            known = {option.value for option in self.options}
            return isinstance(answer, list) and known.issuperset(answer) and len(set(answer)) == len(answer)
        if not isinstance(answer, int) or isinstance(answer, bool):
            return False
        if self.kind == CHOICE:
            return answer in {option.value for option in self.options}
        return self.lowest <= answer <= self.highest

    def points(self, answer: Answer) -> int:
        """What an answer counts. Raises ValueError where it is none of this item."""
        if answer is None or not self.takes(answer):
            raise ValueError(f"item {self.key} has no answer {answer!r}")
        if answer == NOT_APPLICABLE:
            return 0
        return len(answer) if self.kind == TICKS else answer


def items_of(document: dict, activities: Sequence[tuple[str, str]] = ()) -> tuple[Item, ...]:
    """The items in their order; ``activities`` are keys and words of the runner's own."""
    own = document.get("own_activities")
    if own is None:
        return tuple(_item(item) for item in document["items"])
    scale = {"lowest": own["min"], "highest": own["max"], "low": own["low"], "high": own["high"]}
    return tuple(Item(key=key, words=words, kind=NUMBER, **scale) for key, words in activities)


def _item(item: dict) -> Item:
    common = {
        "key": item["key"],
        "words": item["text"],
        "kind": item["kind"],
        "may_not_apply": item.get("may_not_apply", False),
    }
    if item["kind"] == NUMBER:
        ends = {"low": item.get("low", ""), "high": item.get("high", "")}
        return Item(**common, lowest=item["min"], highest=item["max"], **ends)
    if item["kind"] == CHOICE:
        options = tuple(Option(option["value"], option["text"]) for option in item["options"])
        values = [option.value for option in options]
        return Item(**common, lowest=min(values), highest=max(values), options=options)
    options = tuple(Option(statement["key"], statement["text"]) for statement in item["statements"])
    return Item(**common, lowest=0, highest=len(options), options=options)


def check_stored(answers: object) -> None:
    """Raise ValueError where this is not how answers are stored: item, words and answer of each."""
    if not isinstance(answers, list):
        raise ValueError("answers are a list")
    for given in answers:
        if not isinstance(given, dict) or set(given) != {"item", "words", "answer"}:
            raise ValueError(f"an answer has item, words and answer, not {str(given)[:60]}")
        is_named = isinstance(given["item"], str) and isinstance(given["words"], str)
        if not is_named or not _is_answer(given["answer"]):
            raise ValueError(f"no answer: {str(given)[:60]}")


def _is_answer(answer: object) -> bool:
    if isinstance(answer, list):
        return all(isinstance(ticked, str) for ticked in answer)
    is_number = isinstance(answer, int) and not isinstance(answer, bool)
    return answer is None or answer == NOT_APPLICABLE or is_number
