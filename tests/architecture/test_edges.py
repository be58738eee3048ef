"""Who may read the clock, and who may write: everybody else is found by reading the source."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import imported_names, modules, relative, tree_of

#: Views, tasks and commands are given no now: they read the clock for the others.
CLOCK_READERS = (
    "accounts/adapter.py",
    "accounts/administration.py",
    "accounts/management",
    "accounts/middleware.py",
    "accounts/migrations",
    "accounts/tasks.py",
    "accounts/views",
    "programs/management",
    "programs/migrations",
    "programs/tasks.py",
    "programs/views",
)
#: File and reading -> why it may stand there.
CLOCK_EXCEPTIONS = {
    ("accounts/mfa_forms.py", "timezone.now"): "a code counts by the clock, and allauth's form checks it",
    ("programs/clinic_defaults.py", "django.db.models.functions.Now"): (
        "whom to call is asked where nobody is given a now, and kept with the inputs of a decision"
    ),
    ("accounts/models/user.py", "timezone.now"): "default of date_joined, as Django has it; no rule reads it",
}
#: Last word before the dot -> words after it that read a clock.
CLOCKS = {
    "timezone": ("now", "localdate", "localtime"),
    "datetime": ("now", "today", "utcnow"),
    "date": ("today",),
    "time": ("time", "time_ns"),  # time.monotonic is a stopwatch: it tells no date
}
CLOCK_NAMES = {
    *(f"django.utils.timezone.{word}" for word in CLOCKS["timezone"]),
    *(f"time.{word}" for word in CLOCKS["time"]),
    "django.db.models.functions.Now",
}
#: With a value they convert it; without one they read the clock.
CONVERTERS = ("localdate", "localtime")

#: What may change rows. Everything else in both apps reads.
WRITERS = (
    # Django's own cache in a table, a few lines of it ours.
    "accounts/cache.py",
    # Sends statements that Django made of queries for rows: it can only read.
    "accounts/prepared.py",
    "accounts/statements.py",
    "accounts/migrations",
    "accounts/models",
    "accounts/services",
    "programs/migrations",
    "programs/models",
    "programs/services",
)
WRITES = (
    "save",
    "create",
    "get_or_create",
    "update_or_create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "raw",
    "execute",
    # What an erasure does with append-only rows, and Django's own short way.
    "redact",
    "_raw_delete",
)
#: Mappings whose ``update`` writes no row, by the last word before the dot.
MAPPINGS = ("session", "attrs", "context", "cleaned_data")
#: They stay as they are, whatever becomes of what they could share.
MIGRATIONS = ("accounts/migrations", "programs/migrations")
#: Drawn on paper and never kept as a row.
PAPERS = ("canvas",)


def clock_readings(tree: ast.Module) -> Iterator[str]:
    """Yield every reading of a clock, called or handed on, as it is written."""
    converts = {
        node.func
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and last_word(node.func) in CONVERTERS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node in converts:
            continue
        if node.attr in CLOCKS.get(last_word(node.value), ()):
            yield ast.unparse(node)
    yield from (name for _line, name in imported_names(tree) if name in CLOCK_NAMES)


def writes(tree: ast.Module) -> Iterator[str]:
    """Yield every call that changes rows, as it is written."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr.removeprefix("a") if node.func.attr[1:] in WRITES else node.func.attr
        is_mapping = name == "update" and last_word(node.func.value) in MAPPINGS
        is_paper = name == "save" and last_word(node.func.value) in PAPERS
        if name in WRITES and not is_mapping and not is_paper:
            yield ast.unparse(node.func)


def last_word(node: ast.AST) -> str:
    """Return the name itself, or what stands after its last dot; empty for what has no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_the_clock_is_read_at_the_edge_only():
    """Everything else is given its now; so a test and a replay can give another."""
    found = {
        (relative(path), reading)
        for path in modules("accounts", "programs", but=CLOCK_READERS)
        for reading in clock_readings(tree_of(path))
    }
    assert found == set(CLOCK_EXCEPTIONS)


def test_a_local_date_is_worked_out_in_one_place():
    """Or two places will differ on a night of travel; a page may have its template convert."""
    found = {
        relative(path)
        # A migration stays as it is, whatever becomes of that place.
        for path in modules(
            "accounts", "programs", "rehab", but=("accounts/migrations", "programs/migrations")
        )
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and ".astimezone(" in ast.unparse(node)
        and last_word(node.func) == "date"
    }
    assert found == {"programs/engine/calendar.py"}


def test_reading_never_writes():
    """Pages, forms, selectors, mails and jobs change rows through a service or not at all."""
    found = [
        f"{relative(path)} calls {call}()"
        for path in modules("accounts", "programs", but=WRITERS)
        for call in writes(tree_of(path))
    ]
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "timezone.now()",
        "datetime.now(UTC)",
        "datetime.datetime.now(tz=zone)",
        "datetime.date.today()",
        "field(default=timezone.now)",
        "timezone.localdate()",
        "time.time()",
        "from django.utils.timezone import now",
        "from django.db.models.functions import Now",
    ],
)
def test_a_reading_of_the_clock_is_found(line):
    assert list(clock_readings(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        "page.today",
        "facts.today.morning",
        "datetime.time(3)",
        "timezone.localtime(entry.recorded_at)",
        "local_date(now, zone)",
    ],
)
def test_what_was_given_is_no_reading_of_the_clock(line):
    assert not list(clock_readings(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        "entry.save()",
        "Enrolment.objects.filter(pk=1).update(stage='')",
        "runner.enrolments.get_or_create(family='')",
        "Intake.objects.bulk_create(rows)",
        "await entry.adelete()",
        "Decision.objects.all()._raw_delete('default')",
        "connection.cursor().execute(sql)",
    ],
)
def test_a_write_is_found(line):
    assert list(writes(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    ["request.session.update(kept)", "self.widget.attrs.update(kept)", "seen.add(1)"],
)
def test_what_changes_no_row_is_no_write(line):
    assert not list(writes(ast.parse(line)))
