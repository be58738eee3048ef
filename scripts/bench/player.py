"""How exact is the guided session in a background tab? Real time, a real browser, a tab that is hidden.

Two tabs play the same session behind a third: one with sounds and one without
any audio. Noted is how late each change of step came, and whether the clock is
right when the tab is looked at again. `--minutes 30` plays half an hour; the
default is short enough for `make bench`.
"""

import argparse
import fcntl
import functools
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.template.loader import render_to_string  # noqa: E402

from programs.engine.session_script import outing_steps  # noqa: E402
from programs.selectors.player_words import in_words  # noqa: E402

#: Chrome with tabs of its own; the headless shell takes every tab for visible.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
PROMISE = 1.0
#: Every change as it becomes visible to the page, by a clock that nobody sets.
NOTE = """
window.noted = [];
new MutationObserver(() => window.noted.push(performance.now()))
  .observe(document.querySelector('[data-say]'), {childList: true, characterData: true, subtree: true});
"""
NO_AUDIO = "delete window.AudioContext; delete window.webkitAudioContext;"


class Tab:
    """One tab, over the pipe of the browser."""

    def __init__(self, browser: "Browser", url: str) -> None:
        self.browser = browser
        self.target = browser.send("Target.createTarget", url=url)["targetId"]
        attached = browser.send("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = attached["sessionId"]

    def run(self, expression: str) -> object:
        answer = self.browser.send(
            "Runtime.evaluate",
            session=self.session,
            expression=expression,
            userGesture=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer)
        return answer["result"].get("value")

    def come_to_the_front(self) -> None:
        self.browser.send("Target.activateTarget", targetId=self.target)
        time.sleep(0.5)


class Browser:
    """A browser that is spoken to without Playwright, which would make every tab believe that it is seen."""

    def __init__(self, path: str, profile: str) -> None:
        theirs, ours = os.pipe(), os.pipe()
        # High numbers first: the ends may be 3 or 4 already, the wrong way round.
        ends = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (theirs[0], ours[1])]

        def connect() -> None:
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        # The pipes have to be numbers 3 and 4 in the browser, which pass_fds alone cannot say.
        self.process = subprocess.Popen(
            [path, *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=connect,
            close_fds=False,
            stderr=subprocess.DEVNULL,
        )
        self.writes, self.reads = theirs[1], ours[0]
        self.number, self.rest = 0, b""

    def send(self, method: str, session: str = "", **params) -> dict:
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        os.write(
            self.writes, json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0"
        )
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(answer)
                return answer["result"]

    def _next(self) -> dict:
        while b"\0" not in self.rest:
            self.rest += os.read(self.reads, 65536)
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def script_of(minutes: float) -> dict:
    """A run of that length in short intervals, as the page would get it."""
    part = max(round(minutes * 60 / 20), 3)
    run_walk = {
        "warm_up_min": 0,
        "intervals": [{"run_seconds": part, "walk_seconds": part, "repeats": 10}],
        "cool_down_min": 0,
    }
    moves = {"can_go_back": False, "leaves_to": None, "cool_down_at": None}
    words = [in_words(step, None) for step in outing_steps(run_walk) if step.seconds]
    rows = [{name: getattr(step, name) for name in step.__slots__} | moves for step in words]
    return {"key": "rehab:player:bench", "date": "", "zone": "UTC", "steps": rows}


def page_of(script: dict, scripts_first: str) -> str:
    day = "new Intl.DateTimeFormat('en-CA', {timeZone: 'UTC'}).format(new Date())"
    player = render_to_string("programs/player/parts/player.html", {"page": {"counts": True, "outing": True}})
    files = "".join(f'<script src="/static/js/{name}.js"></script>' for name in FILES)
    return (
        f"<!doctype html><title>bench</title><body>{player}<details data-list></details>"
        f'<script id="player-script" type="application/json">{json.dumps(script)}</script>'
        f"<script>{scripts_first}const place = document.getElementById('player-script');"
        f"place.textContent = JSON.stringify({{...JSON.parse(place.textContent), date: {day}}});</script>"
        f"{files}"
    )


FILES = ("player_clock", "player_cues", "player_view", "player")


def served(folder: str) -> int:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.func.log_message = lambda *args: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def measure(browser: Browser, port: int, script: dict) -> dict[str, dict]:
    tabs = {name: Tab(browser, f"http://127.0.0.1:{port}/{name}.html") for name in ("sound", "silent")}
    time.sleep(2)
    began = {}
    for name, tab in tabs.items():
        tab.come_to_the_front()
        tab.run(NOTE)
        began[name] = (
            tab.run("document.querySelector('[data-do=start]').click(); performance.now()"),
            time.monotonic(),
        )
    Tab(browser, "about:blank").come_to_the_front()
    states = {name: tab.run("document.visibilityState") for name, tab in tabs.items()}
    parts = [step["seconds"] for step in script["steps"]]
    # Looked at again in the middle of the last part.
    time.sleep(max(0, sum(parts) - parts[-1] / 2 - (time.monotonic() - began["sound"][1])))
    found = {}
    for name, tab in tabs.items():
        before = tab.run("window.noted.length")
        tab.come_to_the_front()
        elapsed = time.monotonic() - began[name][1]
        left = tab.run("document.querySelector('[data-clock]').textContent")
        minutes, seconds = map(int, left.split(":"))
        changes = tab.run(f"window.noted.slice(0, {before})")
        found[name] = {
            "visibility": states[name],
            "changes": changes,
            "began": began[name][0],
            # The clock shows whole seconds, rounded up.
            "error_at_return": (sum(parts) - elapsed) - (60 * minutes + seconds) + 0.5,
        }
    return found


def lateness(found: dict, parts: list[int]) -> list[float]:
    """Seconds that each change came after its moment; the first note is the start itself."""
    moments, at = [], 0
    for seconds in parts:
        moments.append(at)
        at += seconds
    shown = [(noted - found["began"]) / 1000 for noted in found["changes"]]
    return [min(abs(moment - one) for one in shown) for moment in moments if moment <= shown[-1] + 1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    minutes = parser.parse_args().minutes
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        print("NOT MEASURED: no browser with real tabs (chromium) is installed")
        return 0
    script = script_of(minutes)
    parts = [step["seconds"] for step in script["steps"]]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as profile:
        shutil.copytree(ROOT / "static" / "js", pathlib.Path(folder, "static", "js"))
        # Storage is one for both tabs: the silent one keeps its place under another key.
        for name, first in (("sound", ""), ("silent", NO_AUDIO)):
            of_tab = script | {"key": f"{script['key']}-{name}"}
            pathlib.Path(folder, f"{name}.html").write_text(page_of(of_tab, first))
        browser = Browser(path, profile)
        try:
            found = measure(browser, served(folder), script)
        finally:
            browser.close()
    return report(found, parts)


def report(found: dict[str, dict], parts: list[int]) -> int:
    print(f"{sum(parts) / 60:.1f} minutes, {len(parts)} parts, tab in the background")
    for name, one in found.items():
        late = lateness(one, parts)
        print(
            f"{name:>7}: {one['visibility']}; {len(one['changes'])} changes, at most {max(late):.2f} s late; "
            f"clock at return off by {abs(one['error_at_return']):.2f} s"
        )
    right = all(abs(one["error_at_return"]) <= PROMISE for one in found.values())
    hidden = all(one["visibility"] == "hidden" for one in found.values())
    kept = max(lateness(found["sound"], parts)) <= PROMISE
    return 0 if right and hidden and kept else 1


if __name__ == "__main__":
    sys.exit(main())
