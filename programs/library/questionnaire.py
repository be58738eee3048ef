"""What a questionnaire must hold: items, scoring, important change and, above all, its licence."""

import datetime
from collections.abc import Iterator
from functools import partial

from programs.engine.document_values import (
    MISSING,
    Check,
    Fault,
    Spot,
    cited,
    cited_more,
    duplicates,
    list_of,
    mapping,
    matching,
    one_of,
    text,
    title,
    whole,
    yes_or_no,
)
from programs.measures.items import CHOICE, NUMBER, TICKS
from programs.measures.scoring import LEFT_OUT, MEAN, PERCENT, SUM, ZERO

#: As many as the table of activities holds.
MOST_ACTIVITIES = 5
MOST_ITEMS = 60
HIGHEST = 1000
KEY = matching(r"[a-z][a-z0-9-]{0,59}", "small letters, digits and hyphens (at most 60, a letter first)")
PART = matching(r"[a-z0-9][a-z0-9_]{0,29}", "small letters, digits and _ (at most 30)")
LANGUAGE = matching(r"[a-z]{2,3}(-[A-Za-z]{2,8})*", "a language such as en-GB")
POINTS = whole(0, HIGHEST)
WAYS = {
    "copy": "the terms were read",
    "permission": "the owner gave permission",
    "from_memory": "known, and not checked",
}


def questionnaire_check(sources: frozenset[str]) -> Check:
    """Return the check of a whole questionnaire; one fault for each thing that is wrong."""
    fields = mapping(
        {
            "key": KEY,
            "title": title,
            "language": LANGUAGE,
            "intro": text,
            "recall": title,
            "scoring": _scoring(),
            "licence": _licence(),
        },
        {
            "full_name": title,
            "is_asked": yes_or_no,
            "items": list_of(_item),
            "own_activities": _own_activities(),
            "bands": list_of(mapping({"from": POINTS, "text": title})),
            "important_change": _important_change(sources),
        },
    )

    def check(spot: Spot, value: object) -> Iterator[Fault]:
        found = list(fields(spot, value))
        yield from found
        if not found:
            yield from _together(spot, value)

    return check


def _scoring() -> Check:
    return mapping(
        {
            "method": one_of(SUM, MEAN, PERCENT),
            "higher_is": one_of("better", "worse"),
            "min_answered": whole(1, MOST_ITEMS),
        },
        {"not_applicable": one_of(LEFT_OUT, ZERO)},
    )


def _licence() -> Check:
    return mapping(
        {"text": text, "may_be_shipped": yes_or_no, "seen": one_of(*WAYS)},
        {"address": text, "seen_on": _day},
    )


def _day(spot: Spot, value: object) -> Iterator[Fault]:
    try:
        datetime.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        yield spot.fault(value, "a date such as 2026-01-31")


def _own_activities() -> Check:
    end = partial(text, longest=60)
    return mapping(
        {
            "most": whole(1, MOST_ACTIVITIES),
            "text": title,
            "min": POINTS,
            "max": POINTS,
            "low": end,
            "high": end,
        }
    )


def _important_change(sources: frozenset[str]) -> Check:
    def amount(highest: float) -> Check:
        return mapping({"value": _amount(highest), **cited(sources)}, cited_more(sources))

    points = amount(HIGHEST)
    return mapping(
        {},
        {"absolute": points, "percent": amount(100), "percent_at_least": points, "single_item": points},
    )


def _amount(highest: float) -> Check:
    limit = f"a number above 0 and up to {highest}, with two decimals at most"

    def check(spot: Spot, value: object) -> Iterator[Fault]:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 < value <= highest or round(value, 2) != value:
            yield spot.fault(value, limit)

    return check


#: Kind of an item -> the fields that only it has: those it needs, and those it may have.
ITEM_FIELDS: dict[str, tuple[dict[str, Check], dict[str, Check]]] = {
    NUMBER: ({"min": POINTS, "max": POINTS}, {"low": title, "high": title}),
    CHOICE: ({"options": list_of(mapping({"value": POINTS, "text": text}), at_least=2)}, {}),
    TICKS: ({"statements": list_of(mapping({"key": PART, "text": text}))}, {}),
}


def _item(spot: Spot, value: object) -> Iterator[Fault]:
    """The kind says which fields an item has, so it is looked at first."""
    kind = value.get("kind", MISSING) if isinstance(value, dict) else NUMBER
    if not isinstance(kind, str) or kind not in ITEM_FIELDS:
        yield spot.into("kind").fault(kind, f"one of: {', '.join(ITEM_FIELDS)}")
        return
    needed, optional = ITEM_FIELDS[kind]
    common = {"key": PART, "text": text, "kind": one_of(kind)}
    yield from mapping({**common, **needed}, {"may_not_apply": yes_or_no, **optional})(spot, value)


def _together(spot: Spot, document: dict) -> Iterator[Fault]:
    """What fields say together; each is sound by itself."""
    own, items = document.get("own_activities"), document.get("items")
    if (own is None) == (items is None):
        yield spot.into("items").fault(
            MISSING if items is None else items, "given, or own_activities instead, and not both"
        )
        return
    for at, scale in [("own_activities", own)] if own else _scales(items):
        if scale["min"] >= scale["max"]:
            yield spot.into(f"{at}.max").fault(scale["max"], f"above min, which is {scale['min']}")
    if items:
        yield from _keys(spot.into("items"), items)
    yield from _method(spot.into("scoring"), document)
    yield from _bands(spot.into("bands"), document.get("bands", []))
    important = document.get("important_change", {})
    if "percent_at_least" in important and "percent" not in important:
        yield spot.into("important_change.percent").fault(MISSING, "given where percent_at_least is")


def _scales(items: list[dict]) -> list[tuple[str, dict]]:
    return [(f"items.{at}", item) for at, item in enumerate(items, start=1) if item["kind"] == NUMBER]


def _keys(spot: Spot, items: list[dict]) -> Iterator[Fault]:
    yield from duplicates(spot, (item["key"] for item in items))
    if len(items) > MOST_ITEMS:
        yield spot.fault(len(items), f"a list of at most {MOST_ITEMS}")
    for at, item in enumerate(items, start=1):
        yield from duplicates(
            spot.into(f"{at}.statements"), (statement["key"] for statement in item.get("statements", ()))
        )
        values = [str(option["value"]) for option in item.get("options", ())]
        yield from duplicates(spot.into(f"{at}.options"), values)


def _method(spot: Spot, document: dict) -> Iterator[Fault]:
    """A sum over missing answers would count them as zero, so it wants them all."""
    scoring, own = document["scoring"], document.get("own_activities")
    count = own["most"] if own else len(document["items"])
    method, least = scoring["method"], scoring["min_answered"]
    if own and method != MEAN:
        yield spot.into("method").fault(method, "mean, because people name different numbers of activities")
    if least > count:
        yield spot.into("min_answered").fault(least, f"at most the number of items, {count}")
    if method == SUM and least < count:
        yield spot.into("min_answered").fault(least, f"{count}: a sum needs every item, or missing is zero")
    leaves_out = scoring.get("not_applicable", LEFT_OUT) == LEFT_OUT
    if method == SUM and leaves_out and any(item.get("may_not_apply") for item in document.get("items", ())):
        yield spot.into("not_applicable").fault(
            scoring.get("not_applicable", MISSING), "zero, because a sum needs every item"
        )


def _bands(spot: Spot, bands: list[dict]) -> Iterator[Fault]:
    starts = [band["from"] for band in bands]
    if starts != sorted(set(starts)):
        yield spot.fault(starts, "in order, each from a higher score on")
