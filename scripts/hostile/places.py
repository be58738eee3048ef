"""Every address of the URLconf, as a pattern that can be filled."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize


@dataclass(frozen=True)
class Place:
    """One address: ``runners/%(public_id)s/`` with the names of what varies."""

    name: str
    template: str
    parameters: tuple[str, ...]

    @property
    def is_admin(self) -> bool:
        return self.template.startswith(f"{settings.ADMIN_PATH}/")

    def path(self, values: dict[str, str]) -> str:
        return "/" + self.template % values


def places() -> list[Place]:
    """Return every address that the project answers, and the one of static files."""
    found = [
        Place(name or template, template, tuple(names)) for name, template, names in _walk(get_resolver())
    ]
    return [*found, Place("static", settings.STATIC_URL.strip("/") + "/%(path)s", ("path",))]


def _walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str | None, str, list[str]]]:
    for pattern in resolver.url_patterns:
        here = before + pattern.pattern.regex.pattern.removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, here)
        else:
            template, names = normalize(here)[0]
            yield pattern.name, template, names
