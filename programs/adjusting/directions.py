"""What the two direction questions say of an exercise: fine, with care, or not for this runner."""

from django.utils.translation import gettext as _

from programs.models import PainPattern

WORSE = {"ok": 0, "caution": 1, "no": 2}
#: Answers of the intake that each pattern stands for.
INTOLERANT = {
    PainPattern.NEITHER: (),
    PainPattern.FLEXION_INTOLERANT: ("flexion_intolerant",),
    PainPattern.EXTENSION_INTOLERANT: ("extension_intolerant",),
    PainPattern.BOTH: ("flexion_intolerant", "extension_intolerant"),
}


def verdict(document: dict, pattern: str) -> tuple[str, str]:
    """Advice ("ok", "caution" or "no") and note of an exercise for a pain pattern.

    What needs a physiotherapist is off until one turns it on.
    """
    if document["enabled_by"] != "anyone":
        return "no", _("Only when your physiotherapist turns it on.")
    return direction_advice(document, pattern)


def direction_advice(document: dict, pattern: str) -> tuple[str, str]:
    """The same by the directions alone.

    With both directions painful only exercises that keep the natural curve remain.
    """
    directions = INTOLERANT[pattern]
    if len(directions) > 1 and not document["direction"].startswith("neutral"):
        return "no", _("Only what keeps the natural curve of your back, until a physiotherapist has looked.")
    found = [document[name] for name in directions if name in document]
    worst = max(found, key=lambda advice: WORSE[advice["advice"]], default={"advice": "ok"})
    return worst["advice"], worst.get("note", "")


def is_asked_of(wanted: dict, pattern: str) -> bool:
    """Some exercises are for one pattern only."""
    return "when" not in wanted or wanted["when"] in INTOLERANT[pattern]


def is_run(document: dict) -> bool:
    """The stage alone says how much is run; no exercise is ever turned into one."""
    by_stage = any("by_stage" in dose["amount"] for dose in document["doses"].values())
    return "run" in document["groups"] or document["default"] == "by_stage" or by_stage
