"""What the pages themselves offer: links to follow and forms to fill."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

#: How a field of a type is attacked. A check box for yes or no takes any value: none is wrong.
KINDS = {
    "number": "number",
    "range": "number",
    "date": "date",
    "time": "time",
    "datetime-local": "date",
    "email": "email",
    "password": "password",
    "text": "text",
    "search": "text",
    "tel": "text",
    "url": "text",
    "textarea": "text",
    "radio": "choice",
    "select": "choice",
    "hidden": "choice",
}
TOKEN = "csrfmiddlewaretoken"  # noqa: S105
#: Never what alone is wrong: without the right token the request ends there, and an address to
#: go on to that is not ours is forgotten, while the form is taken. A form that does not say of
#: when it is, is taken for an old one.
NEVER_ALONE = (TOKEN, "next", "made_at", "seen")
#: Check boxes: one for yes or no, and one of several to choose from.
BOX, BOXES = "box", "boxes"


@dataclass
class Field:
    """One field with a value that the page suggests."""

    name: str
    kind: str
    value: str = ""
    lowest: str = ""
    is_required: bool = False
    #: What the page offers: never wrong.
    offered: set[str] = field(default_factory=set)


@dataclass
class Form:
    """One form as its page shows it."""

    page: str
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def targets(self) -> list[Field]:
        """Return the fields in which a value can be wrong."""
        return [each for each in self.fields.values() if each.kind != BOX and each.name not in NEVER_ALONE]

    @property
    def key(self) -> tuple:
        return (self.action, self.method, tuple(self.fields))


class Page(HTMLParser):
    """Reads links and forms of one page."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self._address = address
        self._form: Form | None = None
        self._select: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._link(values.get("href", ""))
        elif tag == "form":
            action = urlsplit(urljoin(self._address, values.get("action", ""))).path
            self._form = Form(self._address, action, values.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and (values.get("name") or tag == "option"):
            self._field(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None

    def _link(self, href: str) -> None:
        there = urlsplit(urljoin(self._address, href))
        if not urlsplit(href).netloc and there.path.startswith("/"):
            self.links.add(there.path + (f"?{there.query}" if there.query else ""))

    def _field(self, tag: str, values: dict[str, str]) -> None:
        value = values.get("value", "")
        if tag == "option":
            if self._select is not None:
                self._select.offered.add(value)
                self._select.value = self._select.value or value
            return
        name, kind = values["name"], values.get("type", "text") if tag == "input" else tag
        if tag == "button" or kind in ("submit", "image", "reset"):
            self._form.buttons.append((name, value))
            return
        attacked = KINDS.get(kind, "text")
        if kind == "checkbox":
            attacked = BOX if value in ("", "on") else BOXES
        known = self._form.fields.setdefault(name, Field(name, attacked, value))
        known.lowest = known.lowest or values.get("min", "")
        known.is_required = known.is_required or "required" in values
        known.offered.add(value)
        self._select = known if tag == "select" else None
