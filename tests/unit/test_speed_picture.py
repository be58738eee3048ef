"""The picture of how a close grows is drawn from what the measurement prints."""

import json
from xml.etree import ElementTree

from scripts import draw_speed


def test_every_curve_that_was_measured_is_drawn(tmp_path):
    lines = [
        {"name": name, "size": size, "value": 1e6 / cost}
        for name, cost in (("one worker", 60), ("naive loop", 2000), ("peak of a worker", 120))
        for size in (10_000, 100_000, 1_000_000)
    ]
    path = tmp_path / "day_close.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    curves = draw_speed.read(path, draw_speed.DAY_CLOSE)
    assert set(curves) == {"one worker", "naive loop"}
    assert [round(cost) for _, cost in curves["one worker"]] == [60, 60, 60]
    picture = ElementTree.fromstring(draw_speed.drawn(curves))  # noqa: S314 - drawn here
    space = "{http://www.w3.org/2000/svg}"
    assert len(picture.findall(f"{space}polyline")) == 2
    assert {one.text for one in picture.findall(f"{space}text")} >= {"1,000,000", "one worker", "naive loop"}


def test_one_size_alone_can_be_drawn():
    picture = draw_speed.drawn({"one worker": [(10_000, 66.0)]})
    assert "<circle" in picture
    assert "prefers-color-scheme:dark" in picture


def test_pages_are_drawn_by_the_days_behind_them_and_words_stand_apart():
    curves = {"today": [(50, 6.2), (500, 6.6)], "check-in POST": [(50, 6.0), (500, 6.0)]}
    picture = ElementTree.fromstring(draw_speed.drawn(curves, draw_speed.PAGES))  # noqa: S314 - drawn here
    words = {one.text: float(one.get("y")) for one in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert "10 ms" in words and "days of history" in words
    assert abs(words["Today"] - words["check-in, sent"]) >= 16
