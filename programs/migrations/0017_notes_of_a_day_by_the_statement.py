"""What the notes of a day come to is worked out once for a statement, not once for each note.

Hundreds of notes on one date, as an import writes them, wrote the day anew
each time, and read all its notes for it. The days are locked in the order of
their ids, so that two such statements never wait for each other in a ring.
PostgreSQL only, as ``noted`` is.
"""

from django.db import migrations

_NOTED = """
    SELECT COALESCE(string_agg(
        g.occasion || ' ' || g.site || ' ' || g.score || ' ' || g.times, ',' ORDER BY g.occasion, g.site, g.score
    ), '')
    FROM (
        SELECT n.occasion, n.site, n.score, count(*) AS times FROM programs_painnote n
        WHERE n.entry_id = {entry} AND n.score IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM programs_painnote r WHERE r.replaces_id = n.id AND r.entry_id = n.entry_id)
        GROUP BY n.occasion, n.site, n.score
    ) g
"""
_GONE = (
    "DROP TRIGGER rehab_notes_of_entry ON programs_painnote",
    "DROP FUNCTION rehab_notes_of_entry()",
)
#: Event -> the tables of rows that a trigger of it is given.
_EVENTS = {
    "INSERT": "NEW TABLE AS changed",
    "UPDATE": "OLD TABLE AS before NEW TABLE AS changed",
    "DELETE": "OLD TABLE AS changed",
}
_TRIGGERS = {event: f"rehab_notes_{event.lower()}" for event in _EVENTS}
BY_STATEMENT = (
    *_GONE,
    f"""
    CREATE FUNCTION rehab_notes_of_entries() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        entries bigint[];
    BEGIN
        SELECT array_agg(DISTINCT entry_id) INTO entries FROM changed;
        IF TG_OP = 'UPDATE' THEN
            entries := entries || (SELECT array_agg(DISTINCT entry_id) FROM before);
        END IF;
        -- Apart: a statement that waited for the lock would not see the notes that came meanwhile.
        PERFORM 1 FROM programs_diaryentry WHERE id = ANY(entries) ORDER BY id FOR UPDATE;
        UPDATE programs_diaryentry d SET noted = ({_NOTED.format(entry="d.id")}) WHERE d.id = ANY(entries);
        RETURN NULL;
    END $$
    """,  # noqa: S608
    *(
        f"CREATE TRIGGER {name} AFTER {event} ON programs_painnote REFERENCING {_EVENTS[event]} "
        "FOR EACH STATEMENT EXECUTE FUNCTION rehab_notes_of_entries()"
        for event, name in _TRIGGERS.items()
    ),
)
#: As 0016 made it.
BY_ROW = (
    *(f"DROP TRIGGER {name} ON programs_painnote" for name in _TRIGGERS.values()),
    "DROP FUNCTION rehab_notes_of_entries()",
    f"""
    CREATE FUNCTION rehab_notes_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        of_entry bigint;
    BEGIN
        IF TG_OP = 'DELETE' THEN of_entry := OLD.entry_id; ELSE of_entry := NEW.entry_id; END IF;
        PERFORM 1 FROM programs_diaryentry WHERE id = of_entry FOR UPDATE;
        UPDATE programs_diaryentry SET noted = ({_NOTED.format(entry="of_entry")}) WHERE id = of_entry;
        RETURN NULL;
    END $$
    """,  # noqa: S608
    "CREATE TRIGGER rehab_notes_of_entry AFTER INSERT OR UPDATE OR DELETE ON programs_painnote "
    "FOR EACH ROW EXECUTE FUNCTION rehab_notes_of_entry()",
)


def _run(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("programs", "0016_days_close_by_the_window")]

    operations = [migrations.RunPython(_run(BY_STATEMENT), _run(BY_ROW))]
