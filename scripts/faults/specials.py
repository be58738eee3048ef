"""Faults that take a stage of their own, between the rounds: long ones, and those of a whole database."""

import contextlib
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.faults.clock import Clock
from scripts.faults.lanes import NEEDS_REDIS
from scripts.faults.rounds import Rounds
from scripts.faults.run import MAILERS, Run
from scripts.faults.servers import Postgres
from scripts.faults.site import DATABASE
from scripts.faults.windows import MAIL, fill, freeze, no_mail_server, swallow
from tests.stack.harness import stack
from tests.support.services import kill_group

DOWN_DAYS = 3
BURST = 1000
FROZEN_SECONDS = 60
#: As long as the catalogue has them, in seconds, and once in a run: one day holds all three.
LONG = {"F08": (20, fill), "F10": (30, swallow), "F14": (12, no_mail_server)}
LONG_DAY_SECONDS = 36
MOUNT, UNMOUNT = "/bin/mount", "/bin/umount"
#: PostgreSQL itself takes most of it.
DISK_MEGABYTES = 200
EMBEDDED_RUNNERS, EMBEDDED_DAYS, CLOSERS = 30, 4, 3


def three_days_down(run: Run, rounds: Rounds) -> None:
    """Everybody goes on writing under the stage that her page shows; then all days are closed at once."""
    run.journal.begin_round()
    site = run.site
    programs = [*site.workers, *site.beats[:1]]
    began = time.monotonic()
    site.keeper.stop(*programs)
    run.broke_off(began, MAILERS)
    before = site.watcher.sure("newest-decision")
    for _ in range(DOWN_DAYS * 2):
        site.watcher.sure("write-day")
        site.clock.jump(hours=12)
    site.keeper.go_on(*programs)
    run.journal.count("F03")
    rounds.end("three days down")
    twice = site.watcher.sure("advanced-twice", since=before)
    run.journal.charge("wrong", "three days down", twice, "F03")


def burst(run: Run, rounds: Rounds) -> None:
    """A mail to everybody in the same minute, beside the mails of the day that begins."""
    run.ask("F30", "owe-everybody", count=BURST, number=run.journal.another())
    run.journal.count("F30")


def frozen_minute(run: Run, rounds: Rounds) -> None:
    """A day under faults while Redis answers nobody for a whole minute of it."""
    _beside(run, rounds, {"F07": (FROZEN_SECONDS, freeze)}, FROZEN_SECONDS, NEEDS_REDIS)


def long_ones(run: Run, rounds: Rounds) -> None:
    """A day in which the broker is full, then swallows, and the mail server is down: for as long as it gets.

    What would end one of them early is left out meanwhile.
    """
    wanted = {fault: LONG[fault] for fault in LONG if rounds.wants(fault)}
    _beside(run, rounds, wanted, LONG_DAY_SECONDS, NEEDS_REDIS | {fault for fault, *_ in MAIL})


def _beside(run: Run, rounds: Rounds, long: dict, seconds: float, without: frozenset[str]) -> None:
    windows = [threading.Thread(target=show, args=(run, lasts), daemon=True) for lasts, show in long.values()]
    for window in windows:
        window.start()

    def over() -> None:
        for window in windows:
            window.join()
        for fault in long:
            run.journal.count(fault)

    rounds.one(seconds, without, afterwards=over)


def disk_full(run: Run) -> None:
    """PostgreSQL on a small disk of its own, that is filled while days are closed."""
    disk = run.site.folder / "disk"
    disk.mkdir()
    size = f"size={DISK_MEGABYTES}m,mode=755"
    mounted = subprocess.run(
        [MOUNT, "-t", "tmpfs", "-o", size, "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        run.journal.why_not["F27"] = "mounting a small disk was refused"
        return
    clock = run.site.still_clock("disk-clock")
    server = Postgres(clock, disk)
    try:
        server.create()
        server.start()
        run.site.fill_empty(server)
        _fill_and_free(run, server, disk, clock)
    finally:
        server.remove()
        subprocess.run([UNMOUNT, "--lazy", disk], check=False)


def _fill_and_free(run: Run, server: Postgres, disk: Path, clock: Clock) -> None:
    environment = (
        run.site.near("hand3", server.url(DATABASE)) | {"REDIS_URL": ""} | clock.environment("hand3")
    )
    hand = run.site.hand("hand3", environment)
    hand.sure("seed", runners=60, days_ago=DOWN_DAYS)
    filler = disk / "filler"
    _fill(filler)
    full = run.site.manage("close_days", **environment)
    run.journal.count("F27")
    filler.unlink()
    if not server.is_up():
        server.start()
    freed = run.site.manage("close_days", **environment)
    found = hand.sure("check", since=0, poisoned=[], saves={}, overrides=[], erased=[])
    for kind in ("lost", "doubled", "wrong"):
        run.journal.charge(kind, "disk full", found[kind], "F27")
    if freed.returncode or not full.returncode:
        said = [
            f"full: {full.returncode} {full.stderr[-300:]} freed: {freed.returncode} {freed.stderr[-300:]}"
        ]
        run.journal.charge("wrong", "disk full", said, "F27")
    hand.end()


def _fill(filler: Path) -> None:
    """To the last byte."""
    with filler.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 20))
            file.flush()


def embedded(run: Run) -> None:
    """Three closers at once on one SQLite; one is killed, and the others do its work."""
    folder = run.site.folder / "embedded"
    folder.mkdir()
    own = run.site.still_clock("embedded-clock").environment("alone") | {"DATABASE_URL": "", "REDIS_URL": ""}
    with stack(folder, **own) as alone:
        alone.manage("migrate", "--verbosity", "0")
        due = alone.step("seed-due", str(EMBEDDED_RUNNERS), str(EMBEDDED_DAYS))
        closers = [alone.start(f"closer{number}", "manage.py", "close_days") for number in range(CLOSERS)]
        time.sleep(2)
        kill_group(closers[0].process)
        for closer in closers:
            closer.process.wait(timeout=100)
        alone.manage("close_days")
        _judge_embedded(run, alone, due)
    shutil.rmtree(folder, ignore_errors=True)


def _judge_embedded(run: Run, alone, due: int) -> None:
    ledger = alone.step("ledger")
    closed = [date for dates in ledger["dates"].values() for date in dates]
    twice = [pk for pk, dates in ledger["dates"].items() if len(set(dates)) < len(dates)]
    run.journal.count("F31")
    run.journal.charge(
        "lost", "embedded", [f"{due} were due"] if len(closed) < due or ledger["due"] else [], "F31"
    )
    run.journal.charge("doubled", "embedded", twice, "F31")
    if alone.manage("verify_ledger", check=False).returncode:
        run.journal.charge("wrong", "embedded", ["verify_ledger differs"], "F31")


def back_up(run: Run, rounds: Rounds) -> None:
    """Between two rounds, while the workers go on."""
    made = run.site.manage("backup", str(run.site.folder / "yesterday"))
    if made.returncode:
        run.journal.charge("wrong", "backup", [made.stderr[-500:]], "F33")


def restore(run: Run, rounds: Rounds) -> None:
    """Into an empty database: nothing is sent twice, and no day is closed before somebody says so.

    The site that went on after the backup is lost.
    """
    backup = run.site.folder / "yesterday"
    if not backup.exists():
        return
    run.journal.begin_round()
    run.site.keeper.stop(*run.site.workers, *run.site.beats)
    url = run.site.postgres.create_database("restored")
    environment = run.site.near("hand4", url) | {"REDIS_URL": ""}
    before = run.site.mail.came()
    erasures = () if run.journal.erased else ("--nobody-was-erased",)
    steps = (
        ("restore", str(backup), *erasures),
        ("close_days",),
        ("deliver",),
        ("resume", "--yes"),
        ("close_days",),
        ("deliver",),
    )
    done = [run.site.manage(*step, **environment) for step in steps]
    run.journal.count("F33")
    said = [f"{step[0]}: {one.returncode} {one.stderr[-400:]}" for step, one in zip(steps, done, strict=True)]
    if done[0].returncode:
        run.journal.charge("wrong", "restore", said[:1], "F33")
        return
    hand = run.site.hand("hand4", environment)
    found = hand.sure("check", since=0, poisoned=[], saves={}, overrides=[], erased=run.journal.erased)
    after = run.site.mail.came()
    again = [mid for mid in after if before[mid] and after[mid] > before[mid]]
    found["doubled"] += [f"mail {mid} was sent again after the restore" for mid in again]
    # Held until somebody says so, and then all of it.
    if not done[1].returncode or done[4].returncode:
        found["wrong"] += said
    for kind in ("lost", "doubled", "wrong"):
        run.journal.charge(kind, "restore", found[kind], "F33")
    hand.end()


def apart(run: Run, only: set[str]) -> None:
    """What has services of its own, beside the rounds: it takes the machine's time and nobody's turn."""
    for fault, special in (("F31", embedded), ("F27", disk_full)):
        if not only or fault in only:
            with charged(run, fault):
                special(run)


@contextlib.contextmanager
def charged(run: Run, fault: str) -> Iterator[None]:
    """The run goes on whatever happens, and says so at the end."""
    try:
        yield
    except Exception as error:  # noqa: BLE001
        run.journal.charge("wrong", fault, [repr(error)[:600]], fault)


#: Before which round, what: one after another as early as they can, for nobody knows how many will come.
SCHEDULE = (
    (2, "F03", three_days_down),
    (3, "F33", back_up),
    (3, "F07", frozen_minute),
    (3, "F08", long_ones),
    (3, "F30", burst),
)
