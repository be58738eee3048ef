"""In how the processes are set up: the queue, the database, the answer to a full disk."""

from scripts.planted.bug import Bug, near

BUGS = (
    Bug(
        "a task of a child that was killed counts as done",
        "rehab/settings.py",
        (("CELERY_TASK_REJECT_ON_WORKER_LOST = True", "CELERY_TASK_REJECT_ON_WORKER_LOST = False"),),
        ("tests/stack/test_lost_child.py",),
    ),
    Bug(
        "a task is acknowledged before it is done",
        "rehab/settings.py",
        (("CELERY_TASK_ACKS_LATE = True", "CELERY_TASK_ACKS_LATE = False"),),
        ("tests/stack/test_lost_child.py",),
    ),
    Bug(
        "SQLite takes its lock late (DEFERRED)",
        "rehab/databases.py",
        (('"transaction_mode": "IMMEDIATE"', '"transaction_mode": "DEFERRED"'),),
        ("tests/unit/test_sqlite_writers.py",),
    ),
    Bug(
        "a full disk is called a mistake in the code",
        "rehab/failures.py",
        (("CANNOT_SERVE = (OperationalError, InterfaceError)", "CANNOT_SERVE = (InterfaceError,)"),),
        near(
            "tests/integration/test_security_failures.py",
            "test_what_the_database_cannot_do_now_is_no_mistake_of_ours",
        ),
    ),
    Bug(
        "a page cannot be read while the disk is full",
        "accounts/middleware.py",
        (("            request.session.modified = was_modified\n", "            raise\n"),),
        near(
            "tests/integration/test_security_failures.py",
            "test_who_was_here_need_not_be_noted_for_a_page_to_be_read",
        ),
    ),
)
