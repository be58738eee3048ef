"""What a day close reads and writes for every runner, kept small.

On PostgreSQL every diary entry has a column ``said``, which the database
itself makes of the others: what the day counts as, in one text. It stands in
the unique index of (enrolment, date), so that a close reads three weeks of a
runner from the index and makes one value of them. ``noted`` has the extra
notes of the day that are in force, equal ones once with their number: however
many there are, a row of the index holds them. A trigger keeps it, so that no
way of writing a note goes around it. No model knows these two columns, and
SQLite, which closes the days of few, has neither.

Indexes that no query asks for are dropped: those of foreign keys by which
another index begins already. By SQL, because Django would make the table anew
on SQLite for it, without its triggers.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_PROTECT = django.db.models.deletion.PROTECT
#: Between the parts of ``said``: no answer and no key holds it.
_PARTS = "E'\\x1f'"
_SAID = f" || {_PARTS} || ".join(
    (
        "(date - DATE '0001-01-01' + 1)::text",
        *(f"COALESCE({name}::text, '')" for name in ("morning", "rest", "session", "during", "after")),
        "warmup::text",
        "CASE WHEN limp THEN 'l' ELSE '' END",
        "leg::text",
        "CASE WHEN sites = '[]'::jsonb THEN '' ELSE 's' END",
        "noted",
        "CASE WHEN red_flags = '[]'::jsonb THEN '' ELSE red_flags::text END",
        "stage_shown::text",
    )
)
#: Notes in force: neither withdrawn nor replaced by another one of the same day.
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
_UNIQUE = "one_entry_per_enrolment_and_date"
WINDOW = (
    "ALTER TABLE programs_diaryentry ADD COLUMN noted text NOT NULL DEFAULT ''",
    f"UPDATE programs_diaryentry d SET noted = ({_NOTED.format(entry='d.id')}) "  # noqa: S608
    "WHERE id IN (SELECT entry_id FROM programs_painnote)",
    f"ALTER TABLE programs_diaryentry ADD COLUMN said text GENERATED ALWAYS AS ({_SAID}) STORED",
    f"ALTER TABLE programs_diaryentry DROP CONSTRAINT {_UNIQUE}",
    f"ALTER TABLE programs_diaryentry ADD CONSTRAINT {_UNIQUE} UNIQUE (enrolment_id, date) INCLUDE (said)",
    f"""
    CREATE FUNCTION rehab_notes_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        of_entry bigint;
    BEGIN
        IF TG_OP = 'DELETE' THEN of_entry := OLD.entry_id; ELSE of_entry := NEW.entry_id; END IF;
        -- Apart: a statement that waited for the lock would not see the notes that came meanwhile.
        PERFORM 1 FROM programs_diaryentry WHERE id = of_entry FOR UPDATE;
        UPDATE programs_diaryentry SET noted = ({_NOTED.format(entry="of_entry")}) WHERE id = of_entry;
        RETURN NULL;
    END $$
    """,  # noqa: S608
    "CREATE TRIGGER rehab_notes_of_entry AFTER INSERT OR UPDATE OR DELETE ON programs_painnote "
    "FOR EACH ROW EXECUTE FUNCTION rehab_notes_of_entry()",
)
NO_WINDOW = (
    "DROP TRIGGER rehab_notes_of_entry ON programs_painnote",
    "DROP FUNCTION rehab_notes_of_entry()",
    f"ALTER TABLE programs_diaryentry DROP CONSTRAINT {_UNIQUE}",
    f"ALTER TABLE programs_diaryentry ADD CONSTRAINT {_UNIQUE} UNIQUE (enrolment_id, date)",
    "ALTER TABLE programs_diaryentry DROP COLUMN said",
    "ALTER TABLE programs_diaryentry DROP COLUMN noted",
)
#: Index -> what it was on.
DROPPED = {
    "programs_decision_decided_by_id_a8417384": "programs_decision (decided_by_id)",
    "programs_decision_enrolment_id_6559e6d4": "programs_decision (enrolment_id)",
    "programs_decision_version_id_f86fea2d": "programs_decision (version_id)",
    "programs_diaryentry_enrolment_id_53900091": "programs_diaryentry (enrolment_id)",
    "programs_enrolment_family_29aed631": "programs_enrolment (family)",
    "programs_enrolment_family_29aed631_like": "programs_enrolment (family varchar_pattern_ops)",
    "programs_plannedsession_enrolment_id_c6c97f41": "programs_plannedsession (enrolment_id)",
}


def there(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # To write millions of days anew takes longer than a statement of a page or a job may.
        schema_editor.execute("SET LOCAL statement_timeout = 0")
    for name in DROPPED:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
    if schema_editor.connection.vendor == "postgresql":
        for statement in WINDOW:
            schema_editor.execute(statement)


def back(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in NO_WINDOW:
            schema_editor.execute(statement)
    for name, columns in DROPPED.items():
        if schema_editor.connection.vendor == "postgresql" or not name.endswith("_like"):
            schema_editor.execute(f"CREATE INDEX {name} ON {columns}")


def _key(to: str, **more) -> models.ForeignKey:
    return models.ForeignKey(to, on_delete=_PROTECT, db_index=False, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0015_watch_over_the_site"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(there, back)],
            state_operations=[
                migrations.AlterField("enrolment", "family", models.SlugField(db_index=False, max_length=60)),
                migrations.AlterField(
                    "diaryentry", "enrolment", _key("programs.enrolment", related_name="entries")
                ),
                migrations.AlterField(
                    "plannedsession", "enrolment", _key("programs.enrolment", related_name="planned_sessions")
                ),
                migrations.AlterField(
                    "decision", "enrolment", _key("programs.enrolment", related_name="decisions")
                ),
                migrations.AlterField(
                    "decision", "version", _key("programs.programmeversion", related_name="+")
                ),
                migrations.AlterField(
                    "decision",
                    "decided_by",
                    _key(settings.AUTH_USER_MODEL, related_name="decisions_made", blank=True, null=True),
                ),
            ],
        ),
        migrations.AddIndex(
            "decision",
            models.Index(
                fields=["decided_by"],
                condition=models.Q(decided_by__isnull=False),
                name="decisions_of_a_person",
            ),
        ),
    ]
