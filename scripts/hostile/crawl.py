"""Learns from the pages, as every actor: which addresses are in order, and which forms there are."""

from collections import deque
from collections.abc import Callable

from scripts.hostile.attacks import Knowledge
from scripts.hostile.pages import Page
from scripts.hostile.places import Place
from scripts.hostile.site import Actor, Answer, Envelope, Request

Send = Callable[[Request], Answer]
#: Of each address so many of its kind: twenty runners' pages teach no more than two.
OF_A_KIND = 2


#: Pages behind every door that there is: where nobody gets there, little is attacked.
MUST_REACH = {
    "today",
    "intake_step",
    "check_in_for",
    "caseload",
    "runner",
    "override_hold",
    "account",
    "admin:index",
}


class Unreached(Exception):
    """The actors could not get in."""


def learn(
    send: Send, envelope: Envelope, actors: list[Actor], places: list[Place], of_a_kind: int = OF_A_KIND
) -> Knowledge:
    """Read the pages of every actor, following links."""
    known = Knowledge(places)
    for actor in actors:
        read_all(send, envelope, actor, known, of_a_kind)
    if missing := MUST_REACH - known.paths.keys():
        raise Unreached(f"nobody could open {', '.join(sorted(missing))}: the attack would be hollow")
    return known


def read_all(
    send: Send, envelope: Envelope, actor: Actor, known: Knowledge, of_a_kind: int = OF_A_KIND
) -> None:
    """Follow every link that one actor meets, and note what she finds."""
    waiting = deque(place.path({}) for place in known.places if not place.parameters)
    seen: set[str] = set()
    counts: dict[str, int] = {}
    forms = known.forms.setdefault(actor.name, [])
    there = set()
    while waiting:
        path = waiting.popleft()
        place = known.place_of(path)
        if path in seen or place == "unknown" or counts.get(place, 0) >= of_a_kind:
            continue
        seen.add(path)
        counts[place] = counts.get(place, 0) + 1
        request = Request(actor.name, place, "", "GET", path, tuple(envelope.headers(actor)))
        answer = send(request)
        if answer.status == 200:
            known.paths.setdefault(place, set()).add(path.partition("?")[0])
        page = Page(path, answer.body if answer.is_page else "")
        forms += [form for form in page.forms if form.key not in there]
        there |= {form.key for form in page.forms}
        waiting.extend(sorted(page.links | _elsewhere(answer, envelope)))


def _elsewhere(answer: Answer, envelope: Envelope) -> set[str]:
    location = answer.headers.get("Location", "").removeprefix(envelope.site.origin)
    return {location} if location.startswith("/") else set()
