"""Which static files a phone keeps, under the names that they have in this installation.

In production a name holds the hash of its content, so a file that is kept is
never stale. With DEBUG on names stay the same; then the network comes first.
"""

import hashlib
import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

#: What the pages without a connection are built with.
FILES = (
    "icons/favicon.svg",
    "icons/sprite.svg",
    "vendor/bootstrap-5.3.9/bootstrap.min.css",
    "css/rehab.css",
    "css/components.css",
    "css/dark.css",
    "css/print.css",
    "css/runner.css",
    "js/app.js",
    "js/check_in.js",
    "js/outbox.js",
    "js/offline.js",
)
SCRIPTS = ("js/outbox.js", "js/service_worker.js")
ICONS = (
    ("icons/app-192.png", "192x192", "any"),
    ("icons/app-512.png", "512x512", "any"),
    ("icons/app-maskable-192.png", "192x192", "maskable"),
    ("icons/app-maskable-512.png", "512x512", "maskable"),
    ("icons/favicon.svg", "any", "any"),
    ("icons/app-maskable.svg", "any", "maskable"),
)
TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def icon_list() -> list[dict[str, str]]:
    """The icons as a manifest lists them."""
    return [
        {"src": static(name), "sizes": sizes, "type": TYPES[name.rpartition(".")[2]], "purpose": purpose}
        for name, sizes, purpose in ICONS
    ]


def worker_options(levels: dict[str, str]) -> dict:
    """What the worker is told; ``version`` changes with every name of a file."""
    files, scripts = [static(name) for name in FILES], [static(name) for name in SCRIPTS]
    names = json.dumps([files, scripts])
    return {
        "version": hashlib.sha256(names.encode()).hexdigest()[:12],
        "hashed": hasattr(staticfiles_storage, "hashed_files"),
        "static": settings.STATIC_URL,
        "files": files,
        "levels": levels,
        "scripts": scripts,
    }
