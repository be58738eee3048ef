"""Triggers of this app's records, and the one way around such triggers: an open erasure.

Plain data, so that the tests can take them off to empty a table. A released
migration reads this file: never change it, add another beside it.
"""

APPEND_ONLY_TABLES = ("accounts_accessrecord", "accounts_erasure")
#: True where no erasure is going on in this transaction.
NO_ERASURE = "NOT EXISTS (SELECT 1 FROM accounts_openerasure)"


def sqlite_append_only(tables: tuple[str, ...]) -> dict[str, str]:
    """Trigger name -> statement that creates it; SQLite knows no TRUNCATE."""
    return {
        f"{table}_no_{act.lower()}": (
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} WHEN {NO_ERASURE} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for table in tables
        for act in ("UPDATE", "DELETE")
    }


def postgres_append_only(tables: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Trigger name -> (table, statement that creates it)."""
    triggers = {}
    for table in tables:
        triggers[f"{table}_append_only"] = (
            table,
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION rehab_unless_erasing()",
        )
        triggers[f"{table}_no_truncate"] = (
            table,
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION rehab_unless_erasing()",
        )
    return triggers


# An open erasure lets rows change and go, one by one. It empties no table.
POSTGRES_FUNCTION = f"""
CREATE FUNCTION rehab_unless_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' OR {NO_ERASURE} THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""
