"""In the rules: what decides wrongly, from sound rows."""

from scripts.planted.bug import Bug, near

BUGS = (
    Bug(
        "a missing score counts as zero",
        "programs/engine/facts.py",
        (
            (
                """            and entry.during is not None
            and entry.after is not None
            and morning is not None
            and baseline is not None
            and entry.during <= q
            and entry.after <= q
            and morning <= q
            and morning < baseline""",
                """            and baseline is not None
            and (entry.during or 0) <= q
            and (entry.after or 0) <= q
            and (morning or 0) <= q
            and (morning or 0) < baseline""",
            ),
        ),
        ("tests/unit/engine/test_rule_limits.py", "tests/unit/engine/test_properties.py"),
    ),
    Bug(
        "an emergency beside an urgent sign is only urgent",
        "programs/engine/conditions.py",
        (
            (
                "return first_at(f.today.red_flags, _EMERGENCY) is not None",
                "return first_at(f.today.red_flags, _EMERGENCY) is not None and not urgent_flag(f)",
            ),
        ),
        ("tests/unit/engine/test_rule_order.py", "tests/unit/engine/test_redflags.py"),
    ),
    Bug(
        "an outage of days may advance twice",
        "programs/engine/transition.py",
        (("shown_from = max(snapshot.day + 1, written_on or 0)", "shown_from = snapshot.day + 1"),),
        (
            *near(
                "tests/unit/engine/test_transition.py",
                "test_missed_days_before_the_stage_was_shown_never_advance",
            ),
            "tests/integration/test_day_close.py",
        ),
    ),
    Bug(
        "a day closes 24 hours after the last, whatever the clocks do",
        "programs/engine/calendar.py",
        (
            (
                "return instant_of(date + datetime.timedelta(days=1), datetime.time(close_hour), zone)",
                "return instant_of(date, datetime.time(close_hour), zone) + datetime.timedelta(hours=24)",
            ),
        ),
        ("tests/unit/engine/test_calendar.py",),
    ),
    Bug(
        "the baseline may rise with the pain",
        "programs/engine/transition.py",
        (("return median if old is None else min(old, median)", "return median"),),
        ("tests/unit/engine/test_transition.py", "tests/unit/engine/test_properties.py"),
    ),
)
