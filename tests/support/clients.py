"""What every request of a test client pays for, paid once: its middleware, and what is kept of its pages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.signals import setting_changed
from django.template import Context, RequestContext, Template
from django.test.client import ClientHandler
from django.test.signals import template_rendered

#: What ``load_middleware`` puts into a handler.
LOADED = (
    "_view_middleware",
    "_template_response_middleware",
    "_exception_middleware",
    "_middleware_chain",
)


@contextmanager
def cheap_requests() -> Iterator[None]:
    """For as long as the tests run."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        forget = _share_middleware(monkeypatch)
        _keep_whole_pages(monkeypatch)
        yield
        setting_changed.disconnect(forget)


def _share_middleware(monkeypatch: pytest.MonkeyPatch):
    """One chain for all clients, until a setting changes: every test has several of them."""
    load, kept = ClientHandler.load_middleware, {}

    def load_once(self, is_async: bool = False) -> None:
        if not kept:
            load(self, is_async)
            kept.update((name, vars(self)[name]) for name in LOADED)
        vars(self).update(kept)

    def forget(**_changed) -> None:
        kept.clear()

    monkeypatch.setattr(ClientHandler, "load_middleware", load_once)
    setting_changed.connect(forget, weak=False)
    return forget


def _keep_whole_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each page its own context, as ``response.context``: Django copies that of every part and widget."""

    def rendered(self: Template, context: Context) -> str:
        if context.template is self and isinstance(context, RequestContext):
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    monkeypatch.setattr(Template, "_render", rendered)
