"""What a request must say to be heard by this site: its host, its cookies, whether it is https."""

import itertools
from dataclasses import dataclass, field

#: Any 32 letters do: the check compares the cookie with the field.
CSRF_SECRET = "hostileHOSTILEhostileHOSTILE1234"  # noqa: S105  (of a throw-away site)


@dataclass(frozen=True)
class Site:
    """How people reach the site that is attacked."""

    host: str
    is_https: bool
    session_cookie: str
    csrf_cookie: str

    @property
    def origin(self) -> str:
        return f"{'https' if self.is_https else 'http'}://{self.host}"

    @classmethod
    def of(cls, settings) -> "Site":
        host = settings.SITE_URL.partition("://")[2]
        return cls(host, settings.SITE_IS_HTTPS, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)


@dataclass(frozen=True)
class Actor:
    """Somebody with a browser; a stranger has no session."""

    name: str
    session: str = ""


@dataclass(frozen=True)
class Request:
    """One request as bytes, and why it must be refused."""

    actor: str
    endpoint: str
    why: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def shown(self) -> str:
        body = f" {self.body[:200]!r}" if self.body else ""
        return f"{self.method} {self.target[:120]!r} as {self.actor} ({self.endpoint}: {self.why}){body}"


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where the server hung up instead of reading on."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        return "html" in self.headers.get("Content-Type", "")


@dataclass
class Envelope:
    """Puts around a request what makes the site listen."""

    site: Site
    _addresses: itertools.count = field(default_factory=itertools.count)

    def headers(self, actor: Actor, csrf: bool = True) -> list[tuple[str, str]]:
        """Return the headers of a well-behaved browser; each request comes from an address of its own.

        Or the limits on attempts would answer, and nothing behind them be reached.
        """
        number = next(self._addresses)
        cookies = [f"{self.site.csrf_cookie}={CSRF_SECRET}"] if csrf else []
        if actor.session:
            cookies.append(f"{self.site.session_cookie}={actor.session}")
        return [
            ("Host", self.site.host),
            ("User-Agent", "hostile"),
            ("Accept", "text/html,*/*;q=0.8"),
            ("Referer", f"{self.site.origin}/"),
            ("X-Forwarded-For", f"198.{18 + number // 65536 % 2}.{number // 256 % 256}.{number % 256}"),
            ("X-Forwarded-Proto", "https" if self.site.is_https else "http"),
            *([("Cookie", "; ".join(cookies))] if cookies else []),
        ]
