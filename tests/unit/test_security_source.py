"""What made holes elsewhere is not in the source: found by reading it, not by hoping."""

import ast
import importlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models

from tests.architecture.source import OURS, ROOT, imports, modules, relative, tree_of, where

#: Methods whose keywords are names of columns and parts of queries.
QUERIES = {
    "filter",
    "exclude",
    "annotate",
    "alias",
    "aggregate",
    "order_by",
    "values",
    "values_list",
    "extra",
    "Q",
}
#: File -> why the names of these columns are not a stranger's.
OWN_NAMES = {
    "accounts/services/audit.py": "names of columns, read from the model itself",
    "programs/rows.py": "names of columns of a note, read from the model itself",
    "programs/mail_contents/last_week.py": "names of columns that the module writes itself",
    "programs/models/base.py": "names of fields, as the models write them in their constraints",
    "programs/selectors/delivery_log.py": "names of annotations that the module writes itself",
    "programs/selectors/impact_rows.py": "names of columns that the module writes itself",
    "programs/selectors/mail_metrics.py": "names of counts that the module writes itself",
    "programs/selectors/report_acts.py": "names of columns that the module writes itself",
    "programs/selectors/runner.py": "names of annotations that the module writes itself",
    "programs/selectors/ledger_lines.py": "names of columns that the module writes itself",
    "programs/services/alarms.py": "names of columns that the module writes itself",
    "programs/services/diary_rows.py": "names of columns that the module writes itself",
    "programs/services/wanted_facts.py": "names of columns that the module writes itself",
    "programs/services/erasure/rows.py": "names of foreign keys, read from the models themselves",
}
#: Word -> modules that may use it: on files of the project alone, or where the reason stands beside it.
OUR_OWN_FILES = {
    "xml.": {"programs/papers/svg.py"},
    # No cookie counts there: the token in the address is the authority (docs/security.md).
    "csrf_exempt": {"programs/views/from_mails.py"},
    # The address is a setting, and nothing of a request goes there.
    "urlopen(": {"programs/services/ping.py"},
}
SECONDS = 1.0
LONG = 100_000


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield node, name


def test_no_query_takes_its_columns_from_a_mapping():
    """Django was open to it five times: filter(**given), annotate(**given), order_by(given)."""
    found = {
        relative(path)
        for path in modules(*OURS)
        for call, name in calls(tree_of(path))
        if name in QUERIES
        and (
            any(keyword.arg is None and not isinstance(keyword.value, ast.Dict) for keyword in call.keywords)
            or any(
                isinstance(key, ast.AST) and not isinstance(key, ast.Constant)
                for keyword in call.keywords
                if keyword.arg is None and isinstance(keyword.value, ast.Dict)
                for key in keyword.value.keys
            )
        )
    }
    assert found == set(OWN_NAMES)


@pytest.mark.parametrize(
    "word",
    [
        "cache_page",  # kept private pages for others six times
        "UpdateCacheMiddleware",
        "csrf_exempt",
        "fail_silently=True",  # sends in clear where STARTTLS failed
        "models.URLField",  # the administration made a link of any scheme
        "list_editable",  # made rows without the right to
        'fields = "__all__"',
        "RawSQL",
        ".extra(",
        "redis.asyncio",  # a cancelled command gave its answer to somebody else
        "pickle",
        "eval(",
        "shell=True",
        "xml.",  # no file of anybody is parsed as XML
        "urlopen(",  # nothing of a request makes the site fetch anything
        "requests.get",
        "httpx",
    ],
)
def test_what_was_a_hole_elsewhere_is_not_here(word):
    found = {relative(path) for path in modules(*OURS) if word in path.read_text()}
    assert found == OUR_OWN_FILES.get(word, set())


def test_text_of_people_is_never_called_safe():
    """And no filter whose time grows faster than what somebody typed."""
    risky = re.compile(
        r"\|\s*(safe|safeseq|urlize|urlizetrunc|truncatechars_html|truncatewords_html|striptags|wordwrap|linebreaks)\b"
        r"|autoescape\s+off"
    )
    pages = [path for path in sorted((ROOT / "templates").rglob("*.html")) if risky.search(path.read_text())]
    assert not [str(path.relative_to(ROOT)) for path in pages]


def test_only_shapes_of_our_own_are_called_safe():
    users = {
        relative(path) for path in modules(*OURS) for _, name in calls(tree_of(path)) if name == "mark_safe"
    }
    # Rows and parts are filled into templates that were rendered once, each value escaped there.
    assert users == {"accounts/qr.py", "accounts/templatetags/filled.py", "programs/views/case_rows.py"}


def test_no_model_holds_an_address_that_would_become_a_link():
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert not [field for field in fields if isinstance(field, models.URLField | models.FileField)]


def test_no_list_of_the_administration_can_be_edited():
    """Forged rows of an editable list were made without the right to add any."""
    assert not [str(one) for one in admin.site._registry.values() if one.list_editable]


def test_signatures_of_one_purpose_are_worth_nothing_for_another():
    """Each has words of its own, that nobody else's begin or end with."""
    salts = [
        keyword.value.value
        for path in modules(*OURS)
        for call, name in calls(tree_of(path))
        if name in ("Signer", "TimestampSigner", "dumps", "loads")
        for keyword in call.keywords
        if keyword.arg == "salt"
    ]
    without = [
        where(path, call.lineno)
        for path in modules(*OURS)
        for call, name in calls(tree_of(path))
        if name in ("Signer", "TimestampSigner") and "salt" not in {keyword.arg for keyword in call.keywords}
    ]
    assert len(set(salts)) == len(salts) >= 1
    assert not without


def test_tasks_are_data_and_leave_no_results():
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == "json"
    assert settings.CELERY_TASK_IGNORE_RESULT


def test_no_address_asks_for_a_language():
    """Django's reading of languages was slow to the point of standing still: nothing here reads them."""
    assert "django.middleware.locale.LocaleMiddleware" not in settings.MIDDLEWARE
    assert not [relative(path) for path in modules(*OURS) if "get_language_from_request" in path.read_text()]


# --- our own patterns --------------------------------------------------------------------
def patterns() -> dict[str, re.Pattern]:
    """Return every compiled pattern of ours that stands in a module: its place -> the pattern."""
    found = {}
    for path in modules(*OURS, but=("accounts/migrations", "programs/migrations")):
        if not any(name in ("re", "django.utils.regex_helper") for _, name in imports(tree_of(path))):
            continue
        name = ".".join(Path(relative(path)).with_suffix("").parts).removesuffix(".__init__")
        held = vars(importlib.import_module(name)).items()
        found |= {f"{name}.{key}": value for key, value in held if isinstance(value, re.Pattern)}
    return found


def test_no_pattern_of_ours_stands_still(subtests):
    for place, pattern in sorted(patterns().items()):
        with subtests.test(place):
            never_stands_still(pattern)


def never_stands_still(pattern: re.Pattern) -> None:
    empty = b"" if isinstance(pattern.pattern, bytes) else ""
    for text in ("a", "0", "-", " ", "a-", "a ", "=", "/a", "a.", "A1_", "aaaa:"):
        long = (text * LONG)[:LONG]
        long = long.encode() if empty == b"" else long
        # What it computes: on a busy machine the clock says little.
        began = time.thread_time()
        for tried in (pattern.match, pattern.fullmatch):
            tried(long)
        # Searching begins anew at each letter: of a shorter text.
        pattern.search(long[: LONG // 20])
        assert time.thread_time() - began < SECONDS, text
