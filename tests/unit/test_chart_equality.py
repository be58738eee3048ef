"""A picture says what its table says: value by value, gaps too, for histories that nobody chose."""

import datetime
import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.charts.columns import NARROW, WIDE
from programs.charts.facts import SERIES
from programs.charts.weeks import PANEL_HEAD, PANEL_ROOM, PANELS
from programs.engine.values import DONE_SOMETHING, Outcome, Refer, SessionKind, Trigger
from programs.models import Enrolment, ProgrammeVersion
from programs.selectors.chart_marks import MARK_WORDS
from programs.selectors.pain_chart import pain_chart
from programs.selectors.progress_rows import Line, ProgressRows, Said
from programs.selectors.week_counts import chart_of, weeks_from
from programs.week_rules import planned_minutes
from tests.builders import DEFAULT, shipped
from tests.support.pictures import SVG, daily, pictures, table

TODAY = datetime.date(2026, 11, 20)
STAGES = ("S1_walking", "S2_core", "S3_run1_walk4", "S8_run20_30")
SCORES = st.sampled_from([None, 0, 1, 2, 10])
COLUMN = {"morning": 1, "rest": 2, "during": 4, "after": 5}
ALSO, DECISION = 6, 8


@st.composite
def diary_days(draw) -> Said | None:
    if draw(st.integers(0, 3)) == 0:
        return None
    session = draw(st.sampled_from([None, *SessionKind]))
    did = session in DONE_SOMETHING
    return Said(
        date=TODAY,
        rest=draw(SCORES),
        morning=draw(SCORES),
        session=session,
        during=draw(SCORES) if did else None,
        after=draw(SCORES) if did else None,
        run_minutes=draw(st.sampled_from([None, None, 0, 1, 20])) if did else None,
        stage_shown=draw(st.sampled_from(STAGES)),
        notes=tuple(draw(st.lists(st.integers(0, 10), max_size=2))),
    )


LINES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(Outcome), st.sampled_from(Trigger), st.sampled_from(Refer)),
    max_size=12,
)


def history(days: list[Said | None], decisions=(), baseline: int | None = 1) -> ProgressRows:
    """Days in order, the last one today; decisions count from the first."""
    first = TODAY - datetime.timedelta(days=len(days) - 1)
    dates = [first + datetime.timedelta(days=n) for n in range(len(days))]
    said = {
        date: Said(date, *(getattr(day, name) for name in Said.__slots__[1:]))
        for date, day in zip(dates, days, strict=True)
        if day
    }
    version = ProgrammeVersion(document=shipped().content("programme", DEFAULT), number=1)
    enrolment = Enrolment(version=version, started_on=first, stage="S2_core", baseline_morning=baseline)
    lines = tuple(_lines(first, decisions))
    return ProgressRows(enrolment, first, TODAY, said, lines, lines)


def _lines(first: datetime.date, decisions):
    stage = 1
    keys = list(STAGES)
    for pk, (day, outcome, trigger, refer) in enumerate(sorted(decisions, key=lambda line: line[0])):
        date = first + datetime.timedelta(days=day)
        before = keys[stage]
        stage = min(max(stage + {Outcome.ADVANCE: 1, Outcome.STEP_BACK: -1}.get(outcome, 0), 0), 3)
        after = date + datetime.timedelta(days=1)
        yield Line(pk, date, after, outcome, "RULE", refer, trigger, before, keys[stage], None, 1)


def page_of(rows: ProgressRows) -> str:
    return render_to_string("programs/charts/pain_chart.html", {"chart": pain_chart(rows), "uid": "pain"})


def cell(score: int | None, *, had_session: bool = True) -> str:
    if not had_session:
        return "–"
    return "not recorded" if score is None else str(score)


def check_days(rows: ProgressRows, html: str) -> None:
    written = table(html, "pain-table")
    drawings = [daily(svg) for svg in pictures(html, "pain-svg")]
    assert len(drawings) == (2 if any(any(d.scores.values()) for d in drawings) else 0)
    assert list(written) == [date.isoformat() for date in reversed(rows.dates)]
    for drawn in drawings:
        assert drawn.missing == {date for date in rows.dates if date not in rows.said and date < rows.today}
        for position, date in enumerate(rows.dates):
            cells, entry = written[date.isoformat()], rows.said.get(date)
            for name in SERIES:
                score = drawn.scores[name].get(date)
                assert score == drawn.said[name][position]
                is_session = name in ("during", "after") and entry is not None
                assert cells[COLUMN[name]] == cell(score, had_session=not is_session or entry.did_something)
            assert ("flare" in cells[ALSO].split("; ")) == (date in drawn.flares)
            noted = re.search(r"noted in a flare: ([\d, ]+)", cells[ALSO])
            said = noted[1].replace(",", "") if noted else None
            assert said == (" ".join(map(str, entry.notes)) if entry and entry.notes else None)
            mark = drawn.marks.get(date.isoformat())
            assert cells[DECISION] == (MARK_WORDS[mark] if mark else "")


@settings(max_examples=40, deadline=None)
@given(st.lists(diary_days(), min_size=1, max_size=20), LINES, st.sampled_from([None, 0, 1]))
def test_a_picture_of_days_equals_its_table(days, decisions, baseline):
    rows = history(days, decisions, baseline)
    check_days(rows, page_of(rows))


def test_a_picture_without_room_for_points_still_equals_its_table():
    day = Said(TODAY, 2, 1, SessionKind.DONE, 3, 0, None, "S2_core")
    alone = [None, day, None, None, day, day, None]
    rows = history((alone * 12)[:84])
    check_days(rows, page_of(rows))


def check_weeks(html: str) -> None:
    written = table(html, "weeks-table")
    drawings = pictures(html, "pain-svg")
    for svg in drawings:
        weeks = list(reversed(written))
        frame = next(f for f in PANELS.values() if f.width == int(svg.get("viewBox").split()[2]))
        pitch = frame.plot_width / len(weeks)
        assert svg.get("data-first") == weeks[0]
        assert svg.get("data-missing").split() == [written[week][5] for week in weeks]
        groups = [g for g in svg.iter(f"{SVG}g") if g.get("data-series")]
        assert [group.get("data-series") for group in groups] == list(SERIES)
        for column, group in enumerate(groups, start=1):
            spreads = group.get("data-spreads").split()
            assert [spread_words(spread) for spread in spreads] == [
                re.sub(r" \(.*", "", written[week][column]) for week in weeks
            ]
            assert heights(group, pitch) == sorted(
                float(s) for spread in spreads if spread != "-" for s in spread.split("/")
            )
        for week in weeks:
            dates = [datetime.date.fromisoformat(week) + datetime.timedelta(days=n) for n in range(7)]
            marks = dict(part.split(":") for part in _marks(svg).split())
            told = [str(MARK_WORDS[marks[d.isoformat()]]) for d in dates if d.isoformat() in marks]
            assert [part.split(": ")[1] for part in written[week][7].split("; ") if part] == told


def _marks(svg) -> str:
    return next(g.get("data-marks") for g in svg.iter(f"{SVG}g") if g.get("data-marks") is not None)


def spread_words(spread: str) -> str:
    return "not recorded" if spread == "-" else " – ".join(spread.split("/"))


def heights(group, pitch: float) -> list[float]:
    """Every lowest, middle and highest score that is drawn in a panel, in order."""
    areas = [_pairs(path) for path in group.findall(f"{SVG}path[@class='area']")]
    lines = [_pairs(path) for path in group.findall(f"{SVG}path[@class='line']")]
    points = [(float(use.get("x")), float(use.get("y"))) for use in group.findall(f"{SVG}use")]
    # A week alone is a bar with four corners, of which two are its lowest and highest.
    found = [place for area in areas for place in (area[1:3] if _is_bar(area, pitch) else area)]
    joined = {place for line in lines for place in line}
    found += [place for line in lines for place in line] + [place for place in points if place not in joined]
    foot = float(group.get("data-foot"))
    return sorted(round((foot - y) / (PANEL_ROOM - PANEL_HEAD) * 10 * 2) / 2 for _x, y in found)


def _is_bar(area: list[tuple[float, float]], pitch: float) -> bool:
    """Narrower than a week, where an area reaches from one week to the next."""
    return max(x for x, _y in area) - min(x for x, _y in area) < 0.9 * pitch


def _pairs(path) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]\s*([\d.]+) ([\d.]+)", path.get("d"))]


@settings(max_examples=12, deadline=None)
@given(st.lists(diary_days(), min_size=9, max_size=9), LINES, st.integers(131, 150))
def test_a_picture_of_weeks_equals_its_table(days, decisions, count):
    rows = history((days * 20)[:count], decisions)
    html = page_of(rows)
    assert "each week is drawn as one" in html
    check_weeks(html)


def test_a_week_alone_between_gaps_is_seen_as_a_bar_and_a_point():
    day = Said(TODAY, 2, 1, None, None, None, None, "S2_core")
    days = [None] * 70 + [day] * 1 + [None] * 70
    rows = history(days)
    (narrow, _wide) = pictures(page_of(rows), "pain-svg")
    rest = next(g for g in narrow.iter(f"{SVG}g") if g.get("data-series") == "rest")
    assert len(rest.findall(f"{SVG}use")) == len(rest.findall(f"{SVG}path[@class='area']")) == 1


# --- weeks as columns --------------------------------------------------------------------
def _value(words: str) -> int | None:
    found = re.match(r"\d+", words)
    return int(found[0]) if found else None


@settings(max_examples=30, deadline=None)
@given(st.lists(diary_days(), min_size=1, max_size=30), st.sets(st.integers(0, 29)))
def test_pictures_of_weeks_equal_their_table(days, planned):
    rows = history(days)
    weeks = weeks_from(rows, {rows.first + datetime.timedelta(days=n) for n in planned if n < len(days)})
    html = render_to_string("programs/charts/weeks_charts.html", {"weeks": chart_of(weeks)})
    written = list(reversed(table(html, "week-table").values()))
    for svg in pictures(html, "columns-svg sessions"):
        for column, cells in zip(_columns(svg), written, strict=True):
            kinds = [rect.get("class").split()[1] for rect in column.findall(f"{SVG}rect")]
            done, part, stopped = (kinds.count(kind) for kind in ("done", "part", "stopped"))
            assert [len(kinds), done, part, stopped] == [int(words) for words in cells[1:5]]
    for svg in pictures(html, "columns-svg runs"):
        for column, cells in zip(_columns(svg), written, strict=True):
            recorded, planned_minutes, longest, unknown = column.get("data-values").split("/")
            minutes = [int(part) for part in (recorded, planned_minutes) if part != "-"]
            assert _value(cells[5]) == (sum(minutes) if minutes else None)
            assert _value(cells[6]) == (None if planned_minutes == "-" else int(planned_minutes))
            assert _value(cells[7]) == (None if longest == "-" else int(longest))
            assert _value(cells[8]) == (int(unknown) or None)
            assert _heights(svg, column) == pytest.approx([part for part in minutes if part], abs=0.6)


def _columns(svg):
    return [g for g in svg.iter(f"{SVG}g") if g.get("class") == "column"]


def _heights(svg, column) -> list[float]:
    """Minutes that the bars of a column stand for, by the scale at its side."""
    ticks = [t for t in svg.findall(f"{SVG}text") if t.get("text-anchor") == "end" and t.get("dy") == "4"]
    zero, top = float(ticks[0].get("y")), ticks[-1]
    scale = float(top.text) / (zero - float(top.get("y")))
    return [float(rect.get("height")) * scale for rect in column.findall(f"{SVG}rect")]


# --- minutes ---------------------------------------------------------------------------
def run(session: str, minutes: int | None = None, stage: str = "S3_run1_walk4") -> Said:
    return Said(TODAY, 1, 1, session, 1, 1, minutes, stage)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([run("done", 12)], (12, None, 12, 0)),
        ([run("done")], (None, 5, 5, 0)),
        ([run("done", 4), run("done")], (4, 5, 5, 0)),
        ([run("partial")], (None, None, None, 1)),
        ([run("stopped_pain")], (None, None, None, 1)),
        ([run("partial", 0)], (0, None, 0, 0)),
        ([run("stopped_pain", 3), run("partial")], (3, None, 3, 1)),
        ([run("done", None, "S1_walking")], (None, None, None, 0)),
        ([run("done", 9, "S1_walking")], (9, None, 9, 0)),
        ([None, None], (None, None, None, 0)),
    ],
)
def test_minutes_are_recorded_or_as_planned_and_never_guessed(days, expected):
    (week,) = weeks_from(history(days), set())
    run_week = week.run
    assert (run_week.recorded, run_week.as_planned, run_week.longest, run_week.unknown) == expected


def test_a_run_without_minutes_is_not_recorded_and_no_zero():
    (week,) = weeks_from(history([run("partial")]), set())
    assert (week.minutes, week.longest, week.unknown) == ("not recorded", "not recorded", "1")
    (walk,) = weeks_from(history([run("done", None, "S1_walking")]), set())
    assert (walk.minutes, walk.has_runs) == ("–", False)


def test_a_longest_run_that_nobody_wrote_down_says_so():
    (week,) = weeks_from(history([run("done", 4), run("done")]), set())
    assert (week.minutes, week.as_planned, week.longest) == ("9", "5", "5, as planned")


def test_only_a_running_step_asks_for_minutes():
    version = history([None]).enrolment.version
    asked = {key: planned_minutes(version, key) for key in version.stage_documents}
    assert asked["S1_walking"] is None and asked["S2_core"] is None
    assert (asked["S3_run1_walk4"], asked["S8_run20_30"]) == (5, 20)
    assert planned_minutes(version, "gone") is None


def test_frames_of_both_widths_are_used():
    html = render_to_string(
        "programs/charts/weeks_charts.html", {"weeks": chart_of(weeks_from(history([run("done")]), set()))}
    )
    widths = [int(svg.get("viewBox").split()[2]) for svg in pictures(html, "columns-svg")]
    assert widths == [NARROW.width, WIDE.width] * 2
