"""The few words inside the drawings, in the languages of the site other than English.

Only what is painted is translated. Title and description are left out: a page
names a drawing itself, in its own language.
"""

from __future__ import annotations

import re

LANGUAGES: dict[str, dict[str, str]] = {
    "zh-hans": {
        "Start": "开始",
        "End": "结束",
        "Phase 1": "阶段 1",
        "Phase 2": "阶段 2",
        "End: breath out": "结束：呼气",
        "End: breath in": "结束：吸气",
        "End: from the knees": "结束：膝盖着地",
        "Later: from the toes": "以后：脚尖着地",
        "End: one arm, one leg": "结束：一臂一腿",
        "Last: chest and legs": "最后：胸部和双腿",
        "End: on the forearms": "结束：前臂支撑",
        "Later: on the hands": "以后：双手支撑",
    },
}

_WORDS = re.compile(r"(<text [^>]*>)([^<]*)(</text>)")
_ABOUT = re.compile(r"<(title|desc) .*?</\1>\n", re.DOTALL)


def translated(svg: str, language: str) -> str:
    """Return a drawing with its labels in another language. Raises KeyError for a label that has none."""
    labels = LANGUAGES[language]
    plain = re.sub(r' aria-labelledby="[^"]*"', f' lang="{language}"', _ABOUT.sub("", svg), count=1)
    return _WORDS.sub(lambda found: f"{found[1]}{labels[found[2]]}{found[3]}", plain)
