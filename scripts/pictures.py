"""Pictures of every page at 390 and 1280 px, from a running demonstration.

    make run                                     # in one terminal
    .venv/bin/python scripts/pictures.py         # in another: pictures in var/pictures
    .venv/bin/python scripts/pictures.py --readme   # only the two of the README, into docs/pictures

Needs a Chromium of the system. Says of each page what the browser complained of, and whether it
scrolls sideways; `--axe` adds what axe finds. Looking at the pictures remains.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.visits import VISITS, Shot, Visit  # noqa: E402  (only after the path is known)
from tests.support.browser import FLAGS, axe_violations, chromium  # noqa: E402  (likewise)

#: As the server prints them when it starts with the demonstration.
DOMAIN, PASSWORD = "rehab.example", "seven calm kilometres"
#: Seconds until the next code of an authenticator app surely counts.
LONGEST_WAIT = 60
#: Where the site writes its mails, and the letter of each sort of link in them.
MAILS = Path(os.environ.get("REHAB_VAR_DIR") or ROOT / "var") / "mail"
LINKS = {"tap": "s", "again": "a", "way_out": "u"}

SIZES = {
    "320": {"width": 320, "height": 640},
    "390": {"width": 390, "height": 844},
    "1280": {"width": 1280, "height": 900},
}
#: What a browser asks for -> the language that it then gets.
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}


class Studio:
    """Takes pictures in one language and remembers what the browser complained of meanwhile."""

    def __init__(self, browser: Browser, asked: argparse.Namespace, folder: Path):
        self.browser, self.url, self.folder = browser, asked.url, folder
        self.with_axe, self.with_pictures = asked.axe, not asked.no_pictures
        self.language, self.themes, self.sizes = asked.language, asked.themes, asked.sizes
        self.only = asked.only
        self.findings: list[str] = []
        self.looked_at = 0

    @contextmanager
    def page_of(self, who: str, size: str, scale: int = 1) -> Iterator[Page]:
        context = self.browser.new_context(
            base_url=self.url,
            viewport=SIZES[size],
            device_scale_factor=scale,
            locale=LANGUAGES[self.language],
            color_scheme="light",
            # Or a button would be measured half-way from one theme to the other.
            reduced_motion="reduce",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda m: self._complain(page, m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(page, str(error)))
        if who:
            sign_in(page, f"{who}@{DOMAIN}")
        yield page
        context.close()

    def _complain(self, page: Page, what: str) -> None:
        self.findings.append(f"{page.url}: {what}")

    def picture(self, page: Page, name: str, where: str | Shot) -> None:
        """Open it once, then look at it at every width and in every theme."""
        shot = where if isinstance(where, Shot) else Shot(where)
        page.set_viewport_size(SIZES[self.sizes[0]])
        answer = page.goto(filled(shot.address))
        press(page, shot)
        print(f"{name}  {answer.status if answer else '-'}  {page.url}", flush=True)
        for theme in self.themes:
            page.emulate_media(color_scheme=theme)
            for size in self.sizes:
                self._look(page, f"{name}-{size}" + ("-dark" if theme == "dark" else ""), SIZES[size])

    def _look(self, page: Page, name: str, size: dict[str, int]) -> None:
        page.set_viewport_size(size)
        # As high as the page, or the bar at the bottom would lie across its middle.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size(size | {"height": max(height, size["height"])})
        if self.with_pictures:
            page.screenshot(path=self.folder / f"{name}.png", full_page=True)
        self.looked_at += 1
        notes = self._measured(page) if self.with_axe else []
        sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        notes += [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
        for note in notes:
            print(f"  {name}: {note}", flush=True)
            self.findings.append(f"{name}: {note}")

    def _measured(self, page: Page) -> list[str]:
        """By axe, with what is folded away, which is read too."""
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        return axe_violations(page)

    def visit(self, visit: Visit) -> None:
        with self.page_of(visit.who, self.sizes[0]) as page:
            for name, where in visit.pages.items():
                if not self.only or name in self.only:
                    self.picture(page, name, where)

    def for_readme(self) -> None:
        """One picture of each side, as it is seen without scrolling."""
        for who, address, size, scale, name in (
            ("fiona", "/today/", "390", 2, "today-phone"),
            ("petra", "/caseload/", "1280", 1, "caseload-desktop"),
        ):
            with self.page_of(who, size, scale) as page:
                page.goto(address)
                page.screenshot(path=self.folder / f"{name}.png")


def filled(address: str) -> str:
    today = date.today()
    links = {name: link_of_a_mail(letter) for name, letter in LINKS.items()}
    return address.format(today=today, yesterday=today - timedelta(days=1), **links)


def link_of_a_mail(letter: str) -> str:
    """The newest of its sort, never pressed; without a mail the page of dead links is looked at."""
    texts = (path.read_text(errors="replace") for path in sorted(MAILS.glob("*.log")))
    found = [link for text in texts for link in re.findall(rf"/m/{letter}/[\w-]+/", text)]
    return found[-1] if found else f"/m/{letter}/0-none/"


def press(page: Page, shot: Shot) -> None:
    """Tick all that a selector finds, or press the first of it; the server is asked, not the page."""
    for selector in shot.press:
        page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true; })")
        for target in page.locator(selector).all():
            if target.get_attribute("type") in ("radio", "checkbox"):
                target.check(force=True)
            elif target.is_visible():
                target.click()
                break
        page.wait_for_load_state()


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    for _try in range(LONGEST_WAIT // 5):
        if "/accounts/2fa/" not in page.url:
            return
        enter_shown_code(page)


def enter_shown_code(page: Page) -> None:
    """As the demonstration shows it; each counts once, so the next picture may have to wait for the next."""
    code = page.locator("[data-demonstration-code]")
    if code.count():
        page.fill("input[name=code]", code.inner_text())
        page.click("form.code-input button[type=submit]")
        page.wait_for_load_state()
    else:
        page.wait_for_timeout(5_000)
        page.reload()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="default: %(default)s")
    parser.add_argument("--folder", type=Path, help="default: var/pictures, or docs/pictures with --readme")
    parser.add_argument("--readme", action="store_true", help="only the pictures of the README")
    parser.add_argument("--axe", action="store_true", help="also say what axe finds")
    parser.add_argument("--no-pictures", action="store_true", help="only look, for --axe")
    parser.add_argument("--themes", nargs="*", choices=("light", "dark"), default=["light"])
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="default: %(default)s")
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=["390", "1280"], help="widths in px")
    parser.add_argument("--visits", nargs="*", default=[], help="only of these people, such as rosa")
    parser.add_argument("--only", nargs="*", default=[], help="only these pictures, such as caseload")
    asked = parser.parse_args()
    folder = asked.folder or ROOT / ("docs/pictures" if asked.readme else "var/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        if not path:
            print("No Chromium was found; install chromium-headless-shell.", file=sys.stderr)
            return 1
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        studio = Studio(browser, asked, folder)
        if asked.readme:
            studio.for_readme()
        else:
            for visit in VISITS:
                if not asked.visits or visit.who in asked.visits:
                    studio.visit(visit)
        browser.close()
    print(f"\nPages looked at: {studio.looked_at}")
    print(
        "\n".join(["", *dict.fromkeys(studio.findings)]) if studio.findings else "\nNothing to complain of."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
