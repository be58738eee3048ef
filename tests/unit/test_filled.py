"""Many like parts from one template: as a loop would show them, and nothing of one in another."""

from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

from accounts.templatetags.filled import filled, fixed
from programs.charts.lines import Line, Point
from programs.charts.series import Name, Series
from programs.selectors.criteria import CriterionRow

FILLED = Template(
    '{% load filled %}{% filled "components/criterion.html" rows "label detail source" "state" %}'
)
LOOP = Template(
    '{% for row in rows %}{% include "components/criterion.html" with NAMES %}{% endfor %}'.replace(
        "NAMES", "state=row.state label=row.label detail=row.detail source=row.source"
    )
)
ROWS = (
    CriterionRow("met", "Three quiet days", "Now: 3", "A work"),
    CriterionRow("not_met", "At least 4 days", "", ""),
    CriterionRow("no_data", '<b onclick="x">"it\'s" & so</b>', "{0} {label} %s", "\\1"),
    CriterionRow("met", mark_safe("<i>as it is</i>"), "0", ""),  # noqa: S308
)


@dataclass(frozen=True)
class At:
    x: float
    y: float | None


@pytest.mark.parametrize("language", ["en-gb", "zh-hans"])
def test_it_shows_what_a_loop_shows(language):
    with translation.override(language):
        shown = FILLED.render(Context({"rows": ROWS}))
        assert shown == LOOP.render(Context({"rows": ROWS}))
    assert shown.count("<li ") == len(ROWS)


def test_values_are_escaped_and_never_read_as_a_pattern():
    shown = FILLED.render(Context({"rows": ROWS}))
    assert "<b onclick" not in shown and "&lt;b onclick" in shown
    assert "{0} {label} %s" in shown and "\\1" in shown


def test_a_value_that_holds_a_mark_changes_no_other():
    odd = (CriterionRow("met", "\x1f1\x1f", "7/10"), CriterionRow("met", "plain", "2/10"))
    shown = FILLED.render(Context({"rows": odd}))
    assert shown.count("7/10") == shown.count("2/10") == 1


def test_numbers_are_filled_in_and_none_is_nothing():
    name = "programs/charts/point.html"
    points = (At(0.0, 12.5), At(3.0, None))
    shown = filled(name, points, "x y", id="pain", name="rest")
    assert '<use href="#pain-rest" x="0.0" y="12.5"/>' in shown
    assert '<use href="#pain-rest" x="3.0" y=""/>' in shown
    assert filled(name, (), "x y", id="pain", name="rest") == ""


def test_an_earlier_filling_leaves_nothing_behind():
    first = FILLED.render(Context({"rows": ROWS[:1]}))
    FILLED.render(Context({"rows": (CriterionRow("met", "Another", "Other", "Other work"),)}))
    assert FILLED.render(Context({"rows": ROWS[:1]})) == first


def test_items_of_items_are_filled_too_and_know_the_shape_of_theirs():
    name = "programs/charts/series.html"
    series = Series("rest", Line(("M1 2 L3 4", "M5 6 L7 8"), (Point(1.0, 2.5),)), "1 <2", Name(7, 9.5))
    asked = "scores line.path line.points=programs/charts/point.html:x,y label.x label.y"
    shown = filled(name, (series, Series("after", Line((), ()), "", None)), asked, "name", id="pain")
    assert 'd="M1 2 L3 4M5 6 L7 8"' in shown
    assert '<use href="#pain-rest" x="1.0" y="2.5"/>' in shown
    assert "1 &lt;2" in shown
    assert "translate(7 9.5)" in shown
    assert 'data-series="after" data-scores=""' in shown
    assert shown.count("<use") == shown.count('class="name"') == 1


def test_what_is_fixed_is_said_in_the_language_of_who_reads():
    shown = {}
    for language in ("en-gb", "zh-hans"):
        with translation.override(language):
            shown[language] = fixed("programs/charts/series_word.html", name="rest")
    assert shown["en-gb"] == "At rest"
    assert shown["zh-hans"] not in ("", "At rest")
    assert fixed("programs/charts/series_word.html", name="after") == "After it"
