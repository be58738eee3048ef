"""Asks /livez of the web process in this container, as the proxy in front would; status 1 without answer."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

site = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1:8000"))
port = os.environ.get("REHAB_BIND", "127.0.0.1:8000").rpartition(":")[2]
request = urllib.request.Request(  # noqa: S310 - this machine
    f"http://127.0.0.1:{port}/livez",
    headers={"Host": site.netloc, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": site.scheme},
)
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(f"no answer: {error}")
