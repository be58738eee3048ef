"""Red-flag codes with level and short label.

The questions and actions are library content; the levels stand here, because
no data file may decide whether an answer is an emergency. A test holds both
against each other. ``docs/engine.md`` section 3 lists them by level.
"""

import re
from dataclasses import dataclass

from programs.engine.values import Refer


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One code; ``label`` completes: Your answer "…" can be a sign of …"""

    code: str
    level: Refer
    label: str
    daily: bool = False


_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
_EMERGENCY = Refer.EMERGENCY
_URGENT = Refer.URGENT

RED_FLAGS: dict[str, RedFlag] = {
    flag.code: flag
    for flag in (
        RedFlag("CE_SADDLE", _EMERGENCY, "numbness or changed feeling between the legs", daily=True),
        RedFlag("CE_BLADDER", _EMERGENCY, "new trouble with passing or holding urine", daily=True),
        RedFlag("CE_BOWEL", _EMERGENCY, "new loss of bowel control or feeling", daily=True),
        RedFlag("CE_SEXUAL", _EMERGENCY, "new loss of genital feeling or function"),
        RedFlag(
            "CE_BILATERAL_LEG", _EMERGENCY, "pain, tingling, weakness or numbness in both legs", daily=True
        ),
        RedFlag("LEG_WEAK_BOTH", _EMERGENCY, "both legs getting weak"),
        RedFlag("LEG_WEAK_ONE", _URGENT, "one leg or foot getting weaker", daily=True),
        RedFlag("CHEST_PAIN", _EMERGENCY, "chest pain with the back pain"),
        RedFlag("MAJOR_TRAUMA", _EMERGENCY, "it started after a serious accident or fall"),
        RedFlag("FRACTURE_RISK", _URGENT, "a minor fall or lift with a risk of fragile bones"),
        RedFlag("FEVER_UNWELL", _URGENT, "fever, chills, night sweats or feeling very unwell", daily=True),
        RedFlag("INFECTION_RISK", _URGENT, "a recent infection, operation or injection, or weak defences"),
        RedFlag("CANCER_HISTORY", _URGENT, "cancer, now or in the past"),
        RedFlag("WEIGHT_LOSS", _URGENT, "losing weight without trying"),
        RedFlag("NIGHT_CONSTANT", _URGENT, "pain that no position eases, or much worse at night"),
        RedFlag("LUMP_DEFORMITY", _URGENT, "a lump or swelling, or a back that changed shape"),
        RedFlag("THORACIC", _URGENT, "the main pain is between the shoulder blades"),
        RedFlag("COUGH_WORSE", _URGENT, "much worse when coughing, sneezing or straining"),
        RedFlag("BSI_SUSPECT", _URGENT, "pin-point pain on one side that builds with each run"),
    )
}


def is_code(text: str) -> bool:
    """Has it the form of a code, known here or not?"""
    return _CODE.fullmatch(text) is not None


def level_of(code: str) -> Refer:
    """Level of a code. A code that is not known here is urgent, never ignored."""
    flag = RED_FLAGS.get(code)
    return flag.level if flag else Refer.URGENT


def label_of(code: str) -> str:
    """Words for a code, for reason texts."""
    flag = RED_FLAGS.get(code)
    return flag.label if flag else code


def first_at(codes: tuple[str, ...], level: Refer) -> str | None:
    """Return the first of the codes that has the level, or None."""
    return next((code for code in codes if level_of(code) is level), None)
