"""Every table of the archive, in the order in which they stand in it and are read."""

from programs.archive import of_care, of_people, of_programmes
from programs.archive.columns import Table

TABLES: tuple[Table, ...] = (
    of_people.PERSON,
    of_people.PEOPLE,
    of_people.CLINICS,
    of_people.MEMBERSHIPS,
    of_people.CONSENTS,
    of_people.INVITATIONS,
    of_people.ACCOUNT_MAILS,
    of_people.HAND_OVERS,
    of_people.ACCESS_RECORDS,
    of_people.ZONE_CHANGES,
    of_people.MAIL_CHOICES,
    of_people.CALENDAR_FEEDS,
    of_programmes.PROGRAMME_VERSIONS,
    of_programmes.ENROLMENTS,
    of_programmes.INTAKES,
    of_programmes.DIARY_ENTRIES,
    of_programmes.ENTRY_REVISIONS,
    of_programmes.PAIN_NOTES,
    of_programmes.PLANNED_SESSIONS,
    of_programmes.DAY_CHOICES,
    of_programmes.ACTIVITIES,
    of_programmes.MEASURE_RESPONSES,
    of_programmes.OVERRIDES,
    of_programmes.DECISIONS,
    of_programmes.MESSAGES,
    of_care.CLINICAL_NOTES,
    of_care.SHARED_MESSAGES,
    of_care.ADJUSTMENTS,
    of_care.RED_FLAGS,
    of_care.SNOOZES,
    of_care.DISCHARGES,
    of_care.SAVED_VIEWS,
    of_people.ATTACHMENTS,
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
#: The one table that is a single row.
SINGLE = of_people.PERSON.name
