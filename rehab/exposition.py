"""Prometheus' text format, as much of it as figures from a database need.

Its client library counts inside a process: of several web processes each would
tell another story, and none knows what workers did. Every figure here comes
from the database or the broker, so it is the same whoever answers, and there
is nothing that the library would still do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
GAUGE, COUNTER = "gauge", "counter"
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure of a metric. ``labels`` hold words of the program, never of people."""

    name: str
    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    kind: str
    help: str


def sample(name: str, value: float, **labels: str) -> Sample:
    return Sample(name, value, labels)


def written(metrics: Iterable[Metric], samples: Iterable[Sample]) -> str:
    """Every metric with its samples. KeyError for a sample that nobody described."""
    found: dict[str, list[Sample]] = {metric.name: [] for metric in metrics}
    for one in samples:
        found[one.name].append(one)
    lines = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
        lines += [_line(one) for one in found[metric.name]]
    return "\n".join(lines) + "\n"


def _line(one: Sample) -> str:
    labels = ",".join(f'{name}="{text.translate(_ESCAPED)}"' for name, text in one.labels.items())
    return f"{one.name}{{{labels}}} {_number(one.value)}" if labels else f"{one.name} {_number(one.value)}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(round(float(value), 6))
