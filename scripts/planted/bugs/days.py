"""In the diary, the close of days and the acts of physiotherapists: locks, keys, times."""

from scripts.planted.bug import Bug

RACES = "tests/integration/test_races.py"
BUGS = (
    Bug(
        "a check-in takes no lock",
        "programs/services/diary.py",
        (
            (
                """    enrolment = Enrolment.objects.locked(enrolment.pk)
    check_allowed(""",
                """    enrolment = Enrolment.objects.select_related("runner").get(pk=enrolment.pk)
    check_allowed(""",
            ),
        ),
        (f"{RACES}::test_the_same_check_in_posted_many_times_is_one_entry",),
        on_postgresql=True,
    ),
    Bug(
        "an act of a physiotherapist takes no lock of the enrolment",
        "programs/models/enrolment.py",
        (
            (
                'return self.select_for_update(of=("self",)).select_related("runner").get(pk=pk)',
                'return self.select_related("runner").get(pk=pk)',
            ),
        ),
        ("tests/integration/test_acts_races.py",),
        on_postgresql=True,
    ),
    Bug(
        "a close of days takes no lock",
        "programs/services/closing/reading.py",
        ((" FOR UPDATE OF e SKIP LOCKED", ""),),
        (RACES, "tests/integration/test_acts_races.py"),
        on_postgresql=True,
    ),
    Bug(
        "the key of one close for each date is dropped",
        "programs/migrations/0001_initial.py",
        (
            (
                """                condition=models.Q(("trigger", "day_close")),""",
                """                condition=models.Q(("trigger", "never")),""",
            ),
        ),
        ("tests/integration/test_constraints.py",),
        remakes=True,
    ),
    Bug(
        "a date may be closed twice, at two times",
        "programs/migrations/0001_initial.py",
        (
            (
                """                condition=models.Q(("trigger", "day_close")),
                fields=("enrolment", "date"),""",
                """                condition=models.Q(("trigger", "day_close")),
                fields=("enrolment", "date", "decided_at"),""",
            ),
        ),
        ("tests/integration/test_constraints.py",),
        remakes=True,
    ),
    Bug(
        "a published edition may be changed: its trigger never fires",
        "programs/migrations/_triggers.py",
        (
            (
                "f\"WHEN OLD.status <> 'draft' AND ({changed} OR NEW.status = 'draft') \"",
                "f\"WHEN OLD.status = 'frozen' AND ({changed} OR NEW.status = 'draft') \"",
            ),
        ),
        ("tests/integration/test_constraints.py",),
        remakes=True,
    ),
    Bug(
        "an act saves the whole enrolment",
        "programs/services/acts.py",
        (
            (
                'enrolment.save(update_fields=(*STATE_FIELDS, "version", "family"))',
                "enrolment.save()",
            ),
        ),
        ("tests/integration/test_acts_columns.py",),
    ),
    Bug(
        "days are closed while the clocks disagree",
        "programs/services/health.py",
        (("if skew > settings.REHAB_MAX_SKEW_SECONDS:", "if skew < 0:"),),
        ("tests/integration/test_jobs.py",),
    ),
    Bug(
        "an error of the infrastructure counts against the runner",
        "programs/services/days.py",
        (("REFUSED = (IntegrityError, DataError)", "REFUSED = (IntegrityError, DataError, Exception)"),),
        ("tests/integration/test_close_undone.py",),
    ),
    Bug(
        "what another tick has claimed is handed out again",
        "programs/services/days.py",
        (
            (
                "due = Enrolment.objects.due_for_close(now).filter(free)",
                "due = Enrolment.objects.due_for_close(now)",
            ),
        ),
        ("tests/integration/test_day_close.py",),
    ),
    Bug(
        "a red flag waits for the close of its day",
        "programs/services/diary.py",
        (
            (
                "pause = pause_at_once(enrolment, date, now) if written.entry.red_flags else None",
                "pause = None",
            ),
        ),
        ("tests/integration/test_diary.py", "tests/integration/test_red_flags_everywhere.py"),
    ),
    Bug(
        "a red flag can be taken back by saving the form again",
        "programs/services/diary.py",
        (
            (
                'columns = values.columns() | {"red_flags": sorted({*values.red_flags, *entry.red_flags})}',
                "columns = values.columns()",
            ),
        ),
        ("tests/integration/test_diary.py", "tests/integration/test_red_flags_are_kept.py"),
    ),
)
