"""What must hold of pauses and of what is told of them, whoever brought them about; run inside Django."""

from django.db import connection

#: Whom a mail of the pause has to go to, asked of every decision by which a pause began or became
#: more pressing. A correction decides several days at once and tells the most careful one.
BEGAN = """
SELECT d.enrolment_id, d.date, d.refer, d.trigger FROM (
    SELECT *, lag(refer) OVER ledger AS before, lag(trigger) OVER ledger AS led_by
    FROM programs_decision WINDOW ledger AS (PARTITION BY enrolment_id ORDER BY id)) d
JOIN programs_enrolment e ON e.id = d.enrolment_id AND e.status = 'active'
WHERE d.decision = 'pause_and_refer' AND d.trigger IN ('day_close', 'red_flag')
  AND d.refer <> coalesce(d.before, 'none') AND coalesce(d.led_by, '') <> 'correction'
  AND NOT EXISTS (
    SELECT 1 FROM programs_messageowed m
    WHERE m.enrolment_id = d.enrolment_id AND m.recipient_id = e.runner_id AND m.kind = 'pause'
      AND m.local_date = d.date AND m.level = d.refer)
"""
CLINICIANS = """
SELECT e.id, c.clinician_id FROM programs_enrolment e
JOIN accounts_consent c ON c.runner_id = e.runner_id AND c.revoked_at IS NULL AND c.granted_at < e.paused_at
WHERE e.status = 'active' AND e.refer <> 'none' AND NOT e.id = ANY(%s) AND NOT EXISTS (
    SELECT 1 FROM programs_messageowed m
    WHERE m.enrolment_id = e.id AND m.recipient_id = c.clinician_id AND m.kind = 'clinician_pause'
      AND m.level = e.refer AND m.created_at >= e.paused_at)
"""
#: A day with a red flag ends in a pause, whatever else is true.
MOVED_ON = """
SELECT d.enrolment_id, d.date, d.decision FROM programs_decision d
JOIN programs_diaryentry y ON y.enrolment_id = d.enrolment_id AND y.date = d.date
WHERE d.trigger IN ('day_close', 'correction') AND d.decision <> 'pause_and_refer'
  AND y.red_flags::text <> '[]'
  AND NOT EXISTS (SELECT 1 FROM programs_decision later WHERE later.supersedes_id = d.id)
"""
CASES = """
SELECT e.id, e.refer, count(c.id) FROM programs_enrolment e
LEFT JOIN programs_redflagcase c ON c.enrolment_id = e.id AND c.closed_at IS NULL
WHERE e.status = 'active' AND NOT e.id = ANY(%s) GROUP BY 1, 2
HAVING count(c.id) <> CASE WHEN e.refer IN ('urgent', 'emergency') THEN 1 ELSE 0 END
"""


def untold(poisoned: list[int]) -> list[str]:
    """Pauses without their mail, to her or to somebody whom she lets in."""
    return [f"enrolment {e}: no mail of the {k} pause on {d}, by {t}" for e, d, k, t in _rows(BEGAN)] + [
        f"enrolment {e}: no notice of its pause to clinician {c}" for e, c in _rows(CLINICIANS, poisoned)
    ]


def forgotten(poisoned: list[int]) -> list[str]:
    """Red flags that a day was decided without, and pressing pauses without their one open case."""
    return [f"enrolment {e}: {d} holds a red flag and ended in {how!r}" for e, d, how in _rows(MOVED_ON)] + [
        f"enrolment {e}: at {refer!r} with {n} open cases" for e, refer, n in _rows(CASES, poisoned)
    ]


def _rows(sql: str, *arguments) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments or None)
        return cursor.fetchall()
