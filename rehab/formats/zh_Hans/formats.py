"""Dates as 2026年11月22日 星期日: the year first, and the weekday last.

Templates name the English form of a date (``date:"l j F"``). Django looks
every form up here before it uses it, so each of them is said in Chinese; a
test finds one that is missing.
"""

FORMS = {
    "l j F Y": "Y年n月j日 l",
    "l j F": "n月j日 l",
    "l j F, H:i": "n月j日 l H:i",
    "D j M Y": "Y年n月j日 D",
    "D j M": "n月j日 D",
    "D j F": "n月j日 D",
    "d F Y": "Y年n月j日",
    "j F Y": "Y年n月j日",
    "j M Y": "Y年n月j日",
    "j F": "n月j日",
    "j M": "n月j日",
    "j F Y, H:i": "Y年n月j日 H:i",
    "j M Y, H:i": "Y年n月j日 H:i",
    "j F, H:i": "n月j日 H:i",
    "j M, H:i": "n月j日 H:i",
    "F Y": "Y年n月",
}
globals().update(FORMS)

#: What a field for a date sends and is filled with, in every language.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d"]
