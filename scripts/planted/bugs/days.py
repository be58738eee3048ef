"""In the diary, the close of days and the acts of physiotherapists: locks, keys, times."""

from scripts.planted.bug import Bug, near

RACES = "tests/integration/test_races.py"
BUGS = (
    Bug(
        "a check-in takes no lock",
        "programs/services/diary.py",
        (
            (
                """    enrolment = locked(enrolment)
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
        (
            *near(
                "tests/integration/test_races.py",
                "test_four_workers_on_the_same_days_write_each_decision_once",
            ),
            "tests/integration/test_acts_races.py",
        ),
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
        near("tests/integration/test_constraints.py", "test_a_decision_that_breaks_a_rule_is_refused"),
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
        near("tests/integration/test_constraints.py", "test_a_decision_that_breaks_a_rule_is_refused"),
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
        near("tests/integration/test_constraints.py", "test_a_published_version_never_changes"),
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
        near("tests/integration/test_jobs.py", "test_clocks_that_disagree_decide_nothing_and_say_so"),
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
        near(
            "tests/integration/test_day_close.py",
            "test_claimed_work_is_not_handed_out_again_until_the_lease_ends",
        ),
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
        (
            *near(
                "tests/integration/test_diary.py",
                "test_a_red_flag_pauses_at_once_and_tells_runner_and_physiotherapist",
            ),
            "tests/integration/test_red_flags_everywhere.py",
        ),
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
        (
            *near(
                "tests/integration/test_diary.py",
                "test_a_red_flag_that_was_answered_is_never_lost_by_a_later_form",
            ),
            "tests/integration/test_red_flags_are_kept.py",
        ),
    ),
)
