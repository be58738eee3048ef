"""The system's Chromium, and axe inside its pages."""

import shutil
from importlib.util import find_spec
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
#: What passed is thousands of nodes, which nobody reads; naming and sending them took most of the time.
AXE = """async rules =>
  (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations"""
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def chromium(playwrights_own: str = "") -> str | None:
    """Return the path of a browser, or None."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return playwrights_own if Path(playwrights_own).is_file() else None


def axe_source() -> str:
    """Return axe-core as shipped in axe-playwright-python."""
    return (Path(find_spec("axe_playwright_python").origin).parent / "axe.min.js").read_text()


def fits(page) -> bool:
    """Does nothing stick out to the side? A page that is still on its way has no document to ask."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def axe_violations(page) -> list[str]:
    """Return what axe finds on the page as it is now, one line each.

    Evaluated, not added as a script: our Content-Security-Policy would block that.
    """
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source())
    violations = page.evaluate(AXE, RULES)
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
