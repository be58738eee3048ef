"""A browser without a screen, to measure and test the running site: cookies and forms, no JavaScript."""

import http.client
import time
import urllib.parse
from dataclasses import dataclass
from http.cookies import SimpleCookie

CSRF_COOKIE = "csrftoken"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    seconds: float

    @property
    def location(self) -> str:
        return dict(self.headers).get("Location", "")


class Visitor:
    """One person at one browser; follows no redirect by herself.

    ``address`` is what a proxy in front of the site would say of where she is.
    """

    def __init__(self, port: int, timeout: float = 30.0, *, address: str = "") -> None:
        self.cookies: dict[str, str] = {}
        self._port, self._timeout = port, timeout
        self._forwarded = {"X-Forwarded-For": address} if address else {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form; where no page has set the token of forms yet, read the page first."""
        if CSRF_COOKIE not in self.cookies:
            self.get(path)
        fields = {"csrfmiddlewaretoken": self.cookies.get(CSRF_COOKIE, "")} | fields
        return self._ask("POST", path, urllib.parse.urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= self._forwarded
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        seconds = time.perf_counter() - began
        self._keep(response.headers.get_all("Set-Cookie", ()))
        return Answer(response.status, tuple(response.getheaders()), text, seconds)

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
