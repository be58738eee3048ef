"""Bodies of requests: forms in both encodings, and everything that only looks like one."""

import json
import random
from functools import lru_cache
from urllib.parse import quote_plus

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "----hostile"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
Pairs = list[tuple[str, str]]


def urlencoded(pairs: Pairs) -> bytes:
    """Encode as a browser does; halves of characters stay halves, and what is encoded already stays so."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode()


# A field that is sent forty times holds the same hundred thousand brackets each time.
@lru_cache(maxsize=256)
def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def multipart(pairs: Pairs) -> bytes:
    parts = []
    for name, value in pairs:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(head.encode() + value.encode("utf-8", "surrogatepass") + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def no_form(pairs: Pairs, dice: random.Random) -> tuple[str, bytes]:
    """Return a type and a body that no page takes, though a browser of ours holds the right token."""
    fields = dict(pairs)
    return dice.choice(
        (
            ("application/json", json.dumps(fields).encode()),
            ("application/json", b'{"a":' * 2000),
            ("application/json; charset=utf-16", json.dumps(fields).encode("utf-16")),
            ("text/plain", urlencoded(pairs)),
            (
                "text/xml",
                b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            ),
            ("application/x-www-form-urlencoded-not", urlencoded(pairs)),
            ("application/octet-stream", dice.randbytes(200)),
            ("multipart/mixed; boundary=x", b"--x--\r\n"),
            ("\x01", urlencoded(pairs)),
        )
    )


def broken_form(pairs: Pairs, dice: random.Random) -> tuple[str, bytes]:
    """Return a form that breaks off, lies about itself or drowns the reader; its token is unreadable."""
    whole = multipart(pairs)
    return dice.choice(
        (
            ("multipart/form-data", whole),
            ("multipart/form-data; boundary=", whole),
            (f"multipart/form-data; boundary={'x' * 300}", whole),
            ("multipart/form-data; boundary=\xff", whole),
            (MULTIPART, urlencoded(pairs)),
            (MULTIPART, whole.replace(b"Content-Disposition", b"Content-Transfer-Encoding: base64\r\nX")),
            (MULTIPART, b"--" + BOUNDARY.encode() + b"\r\n" + b"A: b\r\n" * 500 + whole),
            (MULTIPART, _with_a_file(whole)),
            (URLENCODED, urlencoded([(f"f{number}", "") for number in range(600)] + pairs)),
            (URLENCODED, b"&" * 700 + urlencoded(pairs)),
            (URLENCODED, b"a=" + b"A" * 600_000),
            (f"{URLENCODED}; charset=utf-7", b"%ff%fe=%00"),
            (f"{URLENCODED}; charset=no-such-charset", b"a=1"),
        )
    )


def _with_a_file(whole: bytes) -> bytes:
    head = (
        b'Content-Disposition: form-data; name="f"; filename="../../x.php"\r\nContent-Type: text/php\r\n\r\n'
    )
    return b"--" + BOUNDARY.encode() + b"\r\n" + head + b"<?php ?>\r\n" + whole
