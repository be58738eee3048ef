"""The mixed load says when a promise is not held. (`make load` runs it; here are only its sums.)"""

from collections import Counter

import pytest

from scripts.load.report import Run, table
from scripts.load.traffic import Results, percentile


def a_run(**changes) -> Run:
    sizes = {"gunicorn": (3, 100.0)}
    good = {
        "capacity": 100.0,
        "rate": 50.0,
        "seconds": 10.0,
        "sent": 500,
        "results": Results({"today": [20.0] * 500}),
        "before": sizes,
        "after": sizes,
        "closed": 30,
        "wanted": 30,
        "differences": 0,
    }
    return Run(**good | changes)


def test_a_good_run_breaks_nothing_and_is_told_in_lines_and_in_a_table():
    assert a_run().broken() == []
    assert [line["what"] for line in a_run().lines()] == ["load", "page", "memory"]
    assert "500 requests in 10 s at 50 a second (capacity 100), 0 errors" in table(a_run())


@pytest.mark.parametrize(
    "change",
    [
        {"results": Results({"today": [20.0] * 500}, Counter({"today: 503": 1}))},
        {"results": Results({"today": [20.0] * 490 + [400.0] * 10})},
        {"after": {"gunicorn": (3, 111.0)}},
        {"after": {}},
        {"closed": 29},
        {"differences": 1},
    ],
)
def test_what_is_not_held_is_said(change):
    assert len(a_run(**change).broken()) == 1


def test_the_slowest_hundredth_is_counted_from_above():
    assert percentile(list(range(100)), 0.99) == 99
    assert percentile([], 0.5) == 0
