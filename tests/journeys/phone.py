"""A phone in a journey: taking its connection away, filling in forms on it, reading what it keeps."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from programs.models import DiaryEntry

READY = (
    "async () => { await navigator.serviceWorker.ready; return Boolean(navigator.serviceWorker.controller) }"
)
OWNED = "async () => typeof outbox !== 'undefined' && Boolean(((await outbox.owner()) || {}).key)"
KEPT_PAGES = "async () => Boolean(await caches.match('/offline/something-wrong/'))"
A_DRAFT = "() => Object.keys(sessionStorage).some(key => key.startsWith('draft:'))"
NO_DRAFT = "() => !Object.keys(sessionStorage).some(key => key.startsWith('draft:'))"
#: Every kept page and file, with its text.
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""
#: All that a script can read from the database of the phone, as text.
STORED = """async () => {
  const open = indexedDB.open("rehab");
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const found = [];
  for (const store of database.objectStoreNames) {
    const asked = database.transaction(store).objectStore(store).getAll();
    const rows = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    for (const row of rows) {
      const sealed = row.sealed ? new TextDecoder("latin1").decode(row.sealed) : "";
      found.push({ ...row, key: row.key ? "a key" : null, sealed, iv: null });
    }
  }
  database.close();
  return JSON.stringify(found);
}"""


def ready(page: Page) -> None:
    page.goto("/today/")
    becomes(page, READY)
    becomes(page, OWNED)
    becomes(page, KEPT_PAGES)


def offline(page: Page) -> None:
    page.context.set_offline(True)


def online(page: Page) -> None:
    page.context.set_offline(False)


def tick(page: Page, **answers: str | None) -> None:
    """By the names of the fields: what a field is called is not what is tried here."""
    for name, value in answers.items():
        if value is None:
            continue
        page.locator(f"input[name='{name}'][value='{value}']").check(force=True)


def save(page: Page) -> None:
    page.locator("form[data-check-in] button[type='submit']").click()


def check_in(page: Page, **answers: str | None) -> None:
    """A session day, as the first day of a programme is."""
    tick(page, **({"rest": "3", "session": "done", "during": "2"} | answers))
    save(page)


def check_in_offline(page: Page, **answers: str | None) -> None:
    page.goto("/check-in/")
    offline(page)
    check_in(page, **answers)
    expect(heading(page, "Kept on this phone")).to_be_visible()


def check_in_offline_with_a_sign(page: Page) -> None:
    page.goto("/check-in/")
    offline(page)
    check_in(page, red_flags="CE_SADDLE")
    expect(heading(page, "Get help now")).to_be_visible()


def heading(page: Page, words: str):
    return page.get_by_role("heading", name=words)


def sent(page: Page):
    return page.get_by_text("were sent")


def cached(page: Page) -> dict[str, str]:
    return page.evaluate(CACHED)


def becomes(page: Page, script: str) -> None:
    """Playwright's own waiting takes a promise for a yes."""
    wait_until(page, lambda: page.evaluate(script))


def wait_until(page: Page, came: Callable[[], bool]) -> None:
    """The page's own waiting lets the routes of a test run meanwhile."""
    end = time.monotonic() + 30
    while not came():
        assert time.monotonic() < end
        page.wait_for_timeout(50)


def count_entries() -> int:
    return DiaryEntry.objects.count()
