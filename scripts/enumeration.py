"""`make enumeration`: does any answer tell whether an address has an account?

Starts the product on loopback as `make run` does, with real password hashing and
a mail server that is quick, then slow, then dead, and asks it about addresses
of every kind. For each question it compares status, headers, cookies, where it
leads and the page, without the token of forms and the address that was typed;
and the time, the kinds in turns, so that a busy machine slows all of them. It
exits with 1 where an answer differs, or a median by more than 10 % and not by
chance; with 2 where the machine is too busy to tell. A second address of nobody
stands beside the first: what lies between these two is the machine's own part.

    python scripts/enumeration.py [ROUNDS]
"""

import asyncio
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.visitor import Answer, Visitor  # noqa: E402
from tests.support.services import free_port, kill_group, wait_until  # noqa: E402

ROUNDS = 40
#: Questions that cost no hash are asked so many times as often: what disturbs them is larger than they are.
MORE_OFTEN = 10
#: Rounds of three that the limits allow one person: ten addresses a minute, fifty invitations a day.
RUNNER_ROUNDS, CLINICIAN_ROUNDS = 3, 15
#: With a slow and a dead mail server.
FEWER_ROUNDS = 15
WARMING_UP = 3
MOST = 0.10
LEVEL, NOISY, APART, DIFFERENT = "level", "TOO NOISY TO TELL", "TOO FAR APART", "DIFFERENT ANSWERS"
RESAMPLES = 400
#: Two kinds of the same: nobody has either address.
UNKNOWN, CONTROL = "unknown", "another"
HOST = "rehab.example"
PASSWORD = "seven calm kilometres"  # noqa: S105
WRONG = "nine wild kilometres"
LOGIN, SIGN_UP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"
CODE, CHANGE, ASK = "/accounts/confirm-email/", "/accounts/email/", "/account/asks/"
SECONDS_BETWEEN_CODES = 11
#: Answers of a question, by the kind of address.
Question = Callable[[str, int], Answer]


def address(kind: str, number: int) -> str:
    """All of the same length, so that no answer differs by that."""
    return f"{kind:x<8}{number:05}@{HOST}"


class MailServer:
    """Keeps nothing; answers at once or after a while."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self._controller.start()
        self.port = self._controller.port

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  (named by aiosmtpd)
        await asyncio.sleep(self.seconds)
        return "250 OK"

    def stop(self) -> None:
        self._controller.stop()


class Site:
    """The product, and visitors to it from ever new network addresses, so that no limit is met."""

    def __init__(self, port: int, sessions: dict[str, list[str]]) -> None:
        self._port, self._sessions = port, sessions
        self._visitors = 0
        #: Sign-ups that wait for their code.
        self.pending: dict[tuple[str, int], Visitor] = {}

    def visitor(self, session: str = "") -> Visitor:
        self._visitors += 1
        high, low = divmod(self._visitors, 250)
        visitor = Visitor(self._port, address=f"198.18.{high}.{low + 1}")
        if session:
            visitor.cookies["sessionid"] = session
        return visitor

    def post(self, visitor: Visitor, path: str, fields: dict[str, str]) -> Answer:
        visitor.get(path)
        return visitor.post(path, fields)

    def sign_in(self, kind: str, number: int) -> Answer:
        return self.post(self.visitor(), LOGIN, {"login": address(kind, number), "password": WRONG})

    def sign_up(self, kind: str, number: int) -> Answer:
        """With another password than the account has."""
        visitor = self.pending[kind, number] = self.visitor()
        fields = {"name": "Ann", "email": address(kind, number), "password1": WRONG}
        return self.post(visitor, SIGN_UP, fields | {"adult": "on", "time_zone": "UTC"})

    def read_code_page(self, kind: str, number: int) -> Answer:
        return self.pending[kind, number].get(CODE)

    def wrong_code(self, kind: str, number: int) -> Answer:
        return self.pending[kind, number].post(CODE, {"code": "AAAA-AAAA"})

    def new_code(self, kind: str, number: int) -> Answer:
        return self.pending[kind, number].post(CODE, {"action": "resend"})

    def reset(self, kind: str, number: int) -> Answer:
        return self.post(self.visitor(), RESET, {"email": address(kind, number)})

    def change_address(self, kind: str, number: int) -> Answer:
        runner = self.visitor(self._sessions["runners"][number // RUNNER_ROUNDS])
        return self.post(runner, CHANGE, {"email": address(kind, number), "action_add": ""})

    def ask(self, kind: str, number: int) -> Answer:
        clinician = self.visitor(self._sessions["clinicians"][number // CLINICIAN_ROUNDS])
        return self.post(clinician, ASK, {"email": address(kind, number)})


# --- comparing -------------------------------------------------------------------------------
TOKEN = re.compile(r'(?<=value=")[A-Za-z0-9]{64}(?=")')
VOLATILE = {"Date", "Set-Cookie", "Expires", "Last-Modified"}


def traits(answer: Answer, typed: str) -> dict[str, object]:
    """Everything that a stranger sees of an answer, but for what is new each time."""
    headers = sorted((name, value) for name, value in answer.headers if name not in VOLATILE)
    cookies = [
        re.sub(r"=[^;]*|expires=[^;]*", "", value) for name, value in answer.headers if name == "Set-Cookie"
    ]
    body = TOKEN.sub("token", answer.body).replace(typed, "address")
    return {"status": answer.status, "headers": headers, "cookies": sorted(cookies), "body": body}


def compare(name: str, question: Question, kinds: list[str], numbers: list[int]) -> str:
    """Ask about one address of each kind in each round; print and return the verdict."""
    seconds: dict[str, list[float]] = {kind: [] for kind in (UNKNOWN, CONTROL, *kinds)}
    differing: set[str] = set()
    for turn, number in enumerate(numbers):
        seen = {}
        for kind in random.sample(list(seconds), len(seconds)):
            answer = question(kind, number)
            seen[kind] = traits(answer, address(kind, number))
            if turn >= WARMING_UP:
                seconds[kind].append(answer.seconds)
        first = seen[UNKNOWN]
        differing |= {
            f"{kind}: {trait}" for kind in seen for trait in first if seen[kind][trait] != first[trait]
        }
    where = f"{answer.status} {answer.location}".strip()
    print(f"{name} ({where}, {len(numbers) - WARMING_UP} rounds)")
    return report(seconds, differing)


def report(seconds: dict[str, list[float]], differing: set[str]) -> str:
    """By the median; where that cannot tell, by the quicker quarter, which the machine disturbs less."""
    for name, share in (("median", 0.5), ("quartile", 0.25)):
        far = {kind: how_far(taken, seconds[UNKNOWN], share) for kind, taken in seconds.items()}
        told = [
            f"{kind} {quantile(taken, share) * 1000:.1f} ms ({far[kind]:+.1%})"
            for kind, taken in seconds.items()
        ]
        print(f"    {name}: {', '.join(told)}")
        suspects = [kind for kind in seconds if kind != CONTROL and abs(far[kind]) > MOST]
        certain = [kind for kind in suspects if is_certain(seconds[kind], seconds[UNKNOWN], share)]
        verdict = APART if certain else NOISY if suspects else LEVEL
        if verdict != NOISY:
            break
    verdict = DIFFERENT if differing else verdict
    print(f"    {'; '.join(sorted(differing)) or 'the same answer'}; {verdict}", flush=True)
    return verdict


def quantile(taken: list[float], share: float) -> float:
    return sorted(taken)[int(len(taken) * share)]


def how_far(taken: list[float], base: list[float], share: float) -> float:
    return quantile(taken, share) / quantile(base, share) - 1


def is_certain(taken: list[float], base: list[float], share: float) -> bool:
    """True where other rounds of the same kind would lie on the same side, 39 times of 40."""
    pairs = list(zip(taken, base, strict=True))
    drawn = sorted(
        how_far(*zip(*random.choices(pairs, k=len(pairs)), strict=True), share) for _ in range(RESAMPLES)
    )
    margin = RESAMPLES // 40
    return drawn[margin] > 0 or drawn[-margin - 1] < 0


def ask_all(site: Site, rounds: int) -> Iterator[str]:
    """Those of signed-in people first: their sessions must be fresh."""
    all_kinds = ["known", "closed", "nopasswd", "unproved"]
    few, many = list(range(rounds + WARMING_UP)), list(range(rounds * MORE_OFTEN + WARMING_UP))
    yield compare("change of address", site.change_address, ["known"], many)
    yield compare("invitation", site.ask, ["known"], many)
    yield compare("reset", site.reset, all_kinds, many)
    yield compare("sign-in", site.sign_in, all_kinds, few)
    yield compare("sign-up", site.sign_up, all_kinds, few)
    yield compare("sign-in with what was signed up with", site.sign_in, ["known"], few)
    yield compare("the page of the code", site.read_code_page, all_kinds, few * MORE_OFTEN)
    # The third ends it, and a code goes out to an address once in ten seconds.
    yield compare("a wrong code", site.wrong_code, all_kinds, few * 2)
    time.sleep(SECONDS_BETWEEN_CODES)
    yield compare("a new code", site.new_code, all_kinds, few)


def ask_again(site: Site, mail: MailServer, first: int, rounds: int) -> Iterator[str]:
    """What sends mail, while the mail server is slow and then dead."""
    for state in ("slow", "dead"):
        mail.seconds = 1.0
        if state == "dead":
            mail.stop()
        for name, question, often in (("reset", site.reset, MORE_OFTEN), ("sign-up", site.sign_up, 1)):
            numbers = list(range(first, first + rounds * often + WARMING_UP))
            yield compare(f"{name}, mail server {state}", question, ["known"], numbers)
        first += rounds * MORE_OFTEN + WARMING_UP


# --- the product --------------------------------------------------------------------------------
@contextlib.contextmanager
def product(folder: Path, mail: MailServer) -> Iterator[int]:
    """Yield the port of the product, in its default: one process, SQLite, jobs in it."""
    port = free_port()
    environment = os.environ | {
        "PORT": str(port),
        "REHAB_ENV_FILE": os.devnull,
        "REHAB_VAR_DIR": str(folder),
        "REHAB_DEMO": "0",
        "REHAB_TRUSTED_PROXIES": "1",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail.port),
        "EMAIL_USE_TLS": "0",
        "LOG_LEVEL": "ERROR",
    }
    os.environ.update(environment)
    command = [sys.executable, "manage.py", "up", "--prepare"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_until(lambda: is_up(port), 90, what="the product to answer")
        yield port
    except OSError:
        print((folder / "log").read_text()[-3000:], file=sys.stderr)
        raise
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            kill_group(server)


def is_up(port: int) -> bool:
    with contextlib.suppress(OSError):
        return Visitor(port).get("/healthz").status == 200
    return False


def people(count: int) -> dict[str, list[str]]:
    command = [sys.executable, "-m", "scripts.enumeration_people", str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(rounds: int) -> int:
    fewer = min(rounds, FEWER_ROUNDS)
    first = rounds * MORE_OFTEN + WARMING_UP
    mail = MailServer()
    with tempfile.TemporaryDirectory() as folder, product(Path(folder), mail) as port:
        site = Site(port, people(first + 2 * (fewer * MORE_OFTEN + WARMING_UP)))
        print(f"how far from {UNKNOWN}; {CONTROL} is the same, so what the machine adds", flush=True)
        verdicts = {*ask_all(site, rounds), *ask_again(site, mail, first, fewer)}
    print(f"altogether: {', '.join(sorted(verdicts))}")
    return 1 if verdicts & {APART, DIFFERENT} else 2 if NOISY in verdicts else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
