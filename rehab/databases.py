"""The two databases that the project runs on, with the options that were measured."""

from pathlib import Path

#: A lock or a query that hangs must not take a worker with it.
POSTGRESQL_LIMITS = (
    "-c lock_timeout=5000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"
)
#: Where packets vanish nothing comes back, not even an error: the driver alone waits 130 seconds for a
#: connection, and the system a quarter of an hour for an answer. In seconds; the last in thousandths.
REACHABLE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
#: Statements that say so are prepared (``accounts.statements``); those of the ORM never are.
PREPARED = {"prepare_threshold": 5}
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "journal_size_limit=27103364",
    "cache_size=-20000",
    "temp_store=MEMORY",
)


def postgresql(address: dict) -> dict:
    """Return Django's dictionary for an address that ``env.database`` has read.

    Kept connections: ten times as many pages a second as one for each request.
    """
    options = PREPARED | REACHABLE | address["OPTIONS"] | {"options": POSTGRESQL_LIMITS}
    return address | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def sqlite(path: Path) -> dict:
    """Return Django's dictionary for a file.

    IMMEDIATE with WAL: with Django's default, concurrent posts of a pain score
    were lost (measured; docs/adr/0003-sqlite-settings.md).
    """
    options = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "".join(f"PRAGMA {pragma};" for pragma in SQLITE_PRAGMAS),
    }
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "CONN_MAX_AGE": 60, "OPTIONS": options}
