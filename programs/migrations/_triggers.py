"""Triggers that make records append-only in the database itself.

A model's own refusal can be gone around with a query; a trigger cannot. They
are plain data here, so that the tests can take them off to empty a table.
A released migration reads this file: never change it, add another beside it.
"""

APPEND_ONLY_TABLES = (
    "programs_decision",
    "programs_override",
    "programs_entryrevision",
    "programs_intake",
    "programs_libraryitem",
)
VERSIONS = "programs_programmeversion"
#: Columns of a published version that may still change: it can be retired.
FROZEN_COLUMNS = (
    "template_id",
    "number",
    "document",
    "content_hash",
    "created_at",
    "created_by_id",
    "published_at",
    "published_by_id",
    "published_job",
)


def sqlite_triggers() -> dict[str, str]:
    """Trigger name -> statement that creates it."""
    triggers = {}
    for table in APPEND_ONLY_TABLES:
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            triggers[name] = (
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN_COLUMNS)
    triggers[f"{VERSIONS}_frozen"] = (
        f"CREATE TRIGGER {VERSIONS}_frozen BEFORE UPDATE ON {VERSIONS} "
        f"WHEN OLD.status <> 'draft' AND ({changed} OR NEW.status = 'draft') "
        f"BEGIN SELECT RAISE(ABORT, 'a published programme version never changes'); END"
    )
    triggers[f"{VERSIONS}_kept"] = (
        f"CREATE TRIGGER {VERSIONS}_kept BEFORE DELETE ON {VERSIONS} WHEN OLD.status <> 'draft' "
        f"BEGIN SELECT RAISE(ABORT, 'a published programme version is never deleted'); END"
    )
    return triggers


POSTGRES_FUNCTIONS = f"""
CREATE FUNCTION rehab_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION rehab_frozen_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR NEW.status = 'draft' OR
        {" OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN_COLUMNS)}) THEN
        RAISE EXCEPTION 'a published programme version never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""


def postgres_triggers() -> dict[str, tuple[str, str]]:
    """Trigger name -> (table, statement that creates it)."""
    triggers = {
        f"{table}_append_only": (
            table,
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION rehab_append_only()",
        )
        for table in APPEND_ONLY_TABLES
    }
    triggers[f"{VERSIONS}_frozen"] = (
        VERSIONS,
        f"CREATE TRIGGER {VERSIONS}_frozen BEFORE UPDATE OR DELETE ON {VERSIONS} "
        "FOR EACH ROW EXECUTE FUNCTION rehab_frozen_version()",
    )
    return triggers
