"""Requests that no page takes, in every way that a page may be asked; the same ones for the same seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote, urlencode

from django.urls import Resolver404, resolve

from scripts.hostile import bodies, values
from scripts.hostile.pages import BOX, BOXES, TOKEN, Field, Form
from scripts.hostile.places import Place
from scripts.hostile.site import CSRF_SECRET, Actor, Envelope, Request

#: Acts that need nothing but a press of the button: a form in order is no attack, whatever is
#: added to it. They are attacked with a wrong token, type, method, sender or address. Forms
#: without fields are found by themselves; here are those that no crawl meets.
ACTS = {
    "logout": "signs out of the administration",
    "account_logout": "signs out",
    "demo_close_today": "answers only where the demonstration is on",
    "caseload_seen": "notes what was seen; where it leads back to is only a wish",
    "calendar_anew": "makes a secret address anew; it has no field",
    "leave_programme": "ends the programme; its words may be left out",
}


@cache
def _place_of(path: str) -> str:
    try:
        return resolve(path).view_name or "unnamed"
    except Resolver404:
        return "unknown"


@dataclass
class Knowledge:
    """What was learnt from the pages: who can open what, and which forms there are."""

    places: list[Place]
    forms: dict[str, list[Form]] = field(default_factory=dict)
    #: Name of a place -> paths that are in order for somebody.
    paths: dict[str, set[str]] = field(default_factory=dict)

    def place_of(self, path: str) -> str:
        return _place_of(path.partition("?")[0])

    @property
    def acts(self) -> set[str]:
        """Return the places of forms in which nothing can be wrong."""
        forms = [form for some in self.forms.values() for form in some if form.method == "post"]
        return {self.place_of(form.action) for form in forms if not form.targets} | set(ACTS)


class Attacks:
    """An endless row of requests, each with its reason to be refused."""

    def __init__(self, envelope: Envelope, actors: list[Actor], known: Knowledge, seed: int) -> None:
        self._envelope, self._actors, self._known = envelope, actors, known
        self._dice = random.Random(seed)  # noqa: S311  (to be repeated, not to be secret)
        self._acts = known.acts
        self._forms = [
            (actor, form)
            for actor in actors
            for form in known.forms.get(actor.name, [])
            if form.method == "post" and form.targets and known.place_of(form.action) not in self._acts
        ]
        self._kinds: list[tuple[Callable[[], Request], int]] = [
            (self._field, 40 if self._forms else 0),
            (self._address, 14),
            (self._query, 10),
            (self._blind, 10),
            (self._no_form, 8),
            (self._forged, 7),
            (self._headers, 6),
            (self._method, 5),
        ]

    def __iter__(self) -> Iterator[Request]:
        kinds, weights = zip(*self._kinds, strict=True)
        while True:
            yield self._dice.choices(kinds, weights)[0]()

    # --- forms ----------------------------------------------------------------
    def _field(self) -> Request:
        """A form of somebody who may send it, in order but for a field or some."""
        actor, form = self._dice.choice(self._forms)
        spoilt = self._dice.sample(form.targets, min(len(form.targets), self._dice.choice((1, 1, 1, 2, 5))))
        pairs = [(TOKEN, CSRF_SECRET)]
        for each in form.fields.values():
            if each.name == TOKEN:
                continue
            right = _in_order(each)
            if each in spoilt:
                wrong = (each.name, self._wrong(each))
                # Said twice, the last one counts: first right, then wrong.
                pairs += self._dice.choice(([wrong], [*right, wrong], [wrong] * 40))
            else:
                pairs += right
        if form.buttons and self._dice.random() < 0.5:
            pairs.append(self._dice.choice(form.buttons))
        return self._post(actor, form.action, pairs, f"{', '.join(each.name for each in spoilt)} is wrong")

    def _blind(self) -> Request:
        """Fields that nobody asked for, at any address."""
        actor, path = self._dice.choice(self._actors), self._path()
        if self._known.place_of(path) in self._acts:
            return self._forged()
        names = [each.name for _, form in self._forms for each in form.targets] + list(values.FOREIGN)
        pairs = [
            (
                name,
                values.for_kind(self._dice.choice(("number", "date", "text", "choice", "email")), self._dice),
            )
            for name in self._dice.sample(names, min(8, len(names)))
        ]
        return self._post(actor, path, [(TOKEN, CSRF_SECRET), *pairs], "every value is wrong")

    def _no_form(self) -> Request:
        actor, path = self._dice.choice(self._actors), self._path()
        pairs = [(TOKEN, CSRF_SECRET), ("a", "1")]
        if self._dice.random() < 0.5:
            kind, body = bodies.no_form(pairs, self._dice)
            extra = [("X-CSRFToken", CSRF_SECRET)]
        else:
            kind, body = bodies.broken_form([("a", "1")], self._dice)
            extra = []
        return self._request(
            actor, "POST", path, "the body is no form", [("Content-Type", kind), *extra], body
        )

    def _forged(self) -> Request:
        """A form that another site sends in somebody's name."""
        actor, path = self._dice.choice(self._actors), self._path()
        token = self._dice.choice(("", "x" * 32, "x" * 64, CSRF_SECRET[:-1], f"{CSRF_SECRET}\x00", "é" * 32))
        pairs, extra = [(TOKEN, token)], []
        if self._dice.random() < 0.4:
            pairs, extra = (
                [(TOKEN, CSRF_SECRET)],
                [("Origin", self._dice.choice(("https://evil.example", "null", "\x7f")))],
            )
        return self._post(actor, path, pairs, "the token or the origin is wrong", extra)

    # --- addresses ------------------------------------------------------------
    def _address(self) -> Request:
        """An address that names nothing, read or posted to."""
        place = self._dice.choice(
            [place for place in self._some_places() if place.parameters] or self._known.places
        )
        path = place.path({name: values.for_path(self._dice) for name in place.parameters})
        actor, method = self._dice.choice(self._actors), self._dice.choice(("GET", "GET", "HEAD", "POST"))
        if method == "POST":
            return self._post(actor, path, [(TOKEN, CSRF_SECRET), ("a", "\x00")], "the address names nothing")
        return self._request(actor, method, path, "the address names nothing")

    def _query(self) -> Request:
        actor, path = self._dice.choice(self._actors), self._path()
        forms = [each.name for form in self._known.forms.get(actor.name, []) for each in form.fields.values()]
        names = self._dice.choices([*values.QUERIES, *forms], k=self._dice.randint(1, 6))
        kinds = ("number", "date", "text", "choice", "email")
        wrong = [(name, values.for_kind(self._dice.choice(kinds), self._dice)[:1500]) for name in names]
        wrong.append((self._dice.choice(names), f"'\">{values.SCRIPT}"))
        wrong.append(("next", self._dice.choice(values.OPEN_REDIRECTS)))
        query = urlencode(wrong, errors="surrogatepass") + self._dice.choice(
            ("", f"&q={self._dice.choice(values.NOT_UTF8)}")
        )
        return self._request(actor, "GET", f"{path}?{query}", "the query is wrong")

    def _headers(self) -> Request:
        actor, path = self._dice.choice(self._actors), self._path()
        strange = self._dice.choice(
            (
                [("Host", self._dice.choice(values.HOSTS))],
                [("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example")],
                [("X_Forwarded_For", "203.0.113.1"), ("SCRIPT_NAME", "/evil"), ("PATH_INFO", "/evil")],
                [("X-Forwarded-For", self._dice.choice(("x" * 4000, "1.2.3.4, evil", ",,,", "\x7f")))],
                [("Accept-Language", self._dice.choice(values.LANGUAGES))],
                [("Accept", ",".join(["text/html;q=0.5"] * 400))],
                [("Accept", "text/html")] * 90,
                [("Cookie", f'{self._envelope.site.session_cookie}="abcdefgh\\000ijkl\\012"')],
                [("Cookie", f"{self._envelope.site.session_cookie}={'é' * 40}; a" + "=" * 500)],
                [("Content-Length", self._dice.choice(("-1", "9" * 20, "1e3", "0x10")))],
                [("Transfer-Encoding", "chunked"), ("Content-Length", "5")],
                [("Content-Type", "\x01"), ("If-Modified-Since", "9" * 500), ("Range", "bytes=-1-9,9-")],
                [("User-Agent", values.too_long(self._dice)[:6000]), ("Referer", "https://[::1")],
                [("X-HTTP-Method-Override", "DELETE"), ("X-Requested-With", "XMLHttpRequest")],
            )
        )
        return self._request(actor, "GET", path, "the headers are wrong", strange, replace=True)

    def _method(self) -> Request:
        actor, path = self._dice.choice(self._actors), self._path()
        extra = [("X-CSRFToken", CSRF_SECRET), ("Content-Type", bodies.URLENCODED)]
        body = bodies.urlencoded([(TOKEN, CSRF_SECRET)])
        return self._request(
            actor, self._dice.choice(values.METHODS), path, "no page has this method", extra, body
        )

    def _wrong(self, each: Field) -> str:
        """Return a value that the field refuses, and never one that its page offers."""
        while True:
            value = values.for_kind(each.kind, self._dice)
            if value not in each.offered:
                return value

    # --- parts ----------------------------------------------------------------
    def _some_places(self) -> list[Place]:
        """Return the administration's or all the others; it has more addresses than the rest together."""
        is_admin = self._dice.random() < 0.25
        some = [place for place in self._known.places if place.is_admin == is_admin]
        return some or self._known.places

    def _path(self) -> str:
        """Return an address that is in order, or as good as any."""
        place = self._dice.choice(self._some_places())
        paths = sorted(self._known.paths.get(place.name, ()))
        if paths and self._dice.random() < 0.9:
            return self._dice.choice(paths)
        return place.path({name: self._dice.choice(("1", "2026-11-20", "a")) for name in place.parameters})

    def _post(
        self, actor: Actor, path: str, pairs: bodies.Pairs, why: str, extra: list | None = None
    ) -> Request:
        encode, kind = self._dice.choice(
            ((bodies.urlencoded, bodies.URLENCODED),) * 4 + ((bodies.multipart, bodies.MULTIPART),)
        )
        return self._request(
            actor, "POST", path, why, [("Content-Type", kind), *(extra or [])], encode(pairs)
        )

    def _request(
        self,
        actor: Actor,
        method: str,
        target: str,
        why: str,
        extra: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        replace: bool = False,
    ) -> Request:
        headers, extra = self._envelope.headers(actor), extra or []
        if replace:
            said = {name.lower() for name, _ in extra}
            headers = [(name, value) for name, value in headers if name.lower() not in said]
        target = quote(target, safe="/%?=&+;,:@!$'()*~", errors="surrogatepass")
        return Request(
            actor.name, self._known.place_of(target), why, method, target, (*headers, *extra), body
        )


def _in_order(each: Field) -> bodies.Pairs:
    """Return the field as the page would take it.

    A box is left empty unless it must be ticked: a warning sign is kept
    whatever else is wrong with its form, and that is meant so.
    """
    if each.kind in (BOX, BOXES) and not each.is_required:
        return []
    usual = {
        "number": each.lowest or "1",
        "date": "2026-11-20",
        "time": "18:00",
        "email": "somebody@example.org",
        "password": "seven calm kilometres",
        "text": "Seen in clinic this morning.",
        BOX: "on",
    }
    return [(each.name, each.value or usual.get(each.kind, "1"))]
