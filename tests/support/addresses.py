"""The URLconf as a list: what a test of every address walks."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse


def names() -> list[str]:
    """Every name, the administration's with its namespace."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list, prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield prefix + pattern.name
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, prefix + inner)


def without_objects() -> dict[str, str]:
    """Name -> address, of those that need no object."""
    found = {}
    for name in names():
        try:
            found[name] = reverse(name)
        except NoReverseMatch:
            continue
    return found
