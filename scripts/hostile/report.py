"""What came of it, in numbers: statuses, errors of ours, tables that changed."""

from collections import Counter
from dataclasses import dataclass, field

from scripts.hostile import tables
from scripts.hostile.site import Answer, Request
from scripts.hostile.values import SCRIPT

SHOWN = 20
#: They answer 503 where no job runs: that is what they are asked for.
PROBES = ("healthz", "readyz")


@dataclass
class Report:
    """Counts answers, and keeps the requests that went wrong."""

    statuses: Counter = field(default_factory=Counter)
    places: Counter = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    #: Tables that may change and did, each with what happened to its rows.
    expected: dict[str, str] = field(default_factory=dict)

    def answered(self, request: Request, answer: Answer) -> None:
        self.statuses[answer.status] += 1
        self.places[request.endpoint] += 1
        location = answer.headers.get("Location", "/")
        is_an_error = answer.status >= 500 and request.endpoint not in PROBES
        if is_an_error:
            self.errors.append(f"{answer.status}: {request.shown}")
        elif not location.startswith("/") or location.startswith(("//", "/\\")):
            self.errors.append(f"leads to {location}: {request.shown}")
        elif answer.is_page and SCRIPT in answer.body:
            self.errors.append(f"shows a script: {request.shown}")

    def compare(self, before: dict, after: dict, sent: list[tuple[Request, Answer]]) -> None:
        """Note what differs since the last look, with the requests that may have done it."""
        differing = tables.changed(before, after)
        self.expected |= {name: what for name, what in differing.items() if name in tables.MAY_CHANGE}
        wrong = [f"{name}: {what}" for name, what in differing.items() if name not in tables.MAY_CHANGE]
        if wrong:
            taken = [(request, answer.status) for request, answer in sent if answer.status in (200, 302)]
            suspects = [f"  {status}: {request.shown}" for request, status in taken]
            # A form that was taken leads on; one that was not comes back.
            posted = sorted((line for line in suspects if ": POST " in line), reverse=True)
            self.changes.append("\n      ".join([*wrong, *(posted or suspects)[:SHOWN]]))

    @property
    def is_good(self) -> bool:
        return not self.errors and not self.changes

    def lines(self) -> list[str]:
        sent = sum(self.statuses.values())
        shown = ", ".join(
            f"{status or 'hung up'}: {count}" for status, count in sorted(self.statuses.items())
        )
        return [
            f"{sent} hostile requests to {len(self.places)} addresses.",
            f"  Answers         {shown}",
            f"  Server errors   {len(self.errors)} (with scripts shown, and ways that lead elsewhere)",
            *(f"    {line}" for line in self.errors[:SHOWN]),
            f"  Changes         {len(self.changes)}",
            *(f"    {change.splitlines()[0]} (after which requests: see above)" for change in self.changes),
            "  Tables that may change, and did:",
            *(f"    {name} ({tables.MAY_CHANGE[name]}): {what}" for name, what in self.expected.items()),
        ]
