"""In mails: leases, quiet hours, when they are sent."""

from scripts.planted.bug import Bug, near

BUGS = (
    Bug(
        "a lease is given back without looking whose it is",
        "accounts/services/outbox.py",
        (
            (
                'filter(pk__in=pks, status="owed", attempts__gt=0, leased_until=lease)',
                'filter(pk__in=pks, status="owed", attempts__gt=0)',
            ),
        ),
        ("tests/integration/test_leases_given_back.py",),
    ),
    Bug(
        "two deliverers may claim the same mail",
        "accounts/services/outbox.py",
        (
            (
                'rows = free.select_for_update(skip_locked=True, of=("self",)) if has_locks else free',
                "rows = free if has_locks else free",
            ),
        ),
        ("tests/integration/test_races.py::test_two_deliverers_send_a_message_once",),
        on_postgresql=True,
    ),
    Bug(
        "quiet hours are ignored",
        "programs/services/quiet_hours.py",
        (("if not waits(row.kind, row.level, at_night=at_night):", "if not at_night or at_night:"),),
        ("tests/integration/test_quiet_nights.py", "tests/integration/test_mails_kept.py"),
    ),
    Bug(
        "a mail is sent inside the transaction that owes it",
        "accounts/services/mail.py",
        (
            (
                "    return AccountMail.objects.create(\n",
                "    EmailMessage(words.subject, words.text, None, [email]).send()\n"
                "    return AccountMail.objects.create(\n",
            ),
            (
                "from django.conf import settings\n",
                "from django.conf import settings\nfrom django.core.mail import EmailMessage\n",
            ),
        ),
        near("tests/integration/test_account_mail.py", "test_nothing_leaves_in_a_request"),
    ),
    Bug(
        "a score by link is written as often as it is pressed",
        "programs/services/one_tap.py",
        (
            ("    if is_answered(message):\n        return False\n", ""),
            ("    if not unanswered.update(answered_at=now):\n        return False\n", ""),
            ("MessageOwed.objects.filter(pk=message.pk, answered_at__isnull=True)\n", "None\n"),
        ),
        near("tests/integration/test_one_tap.py", "test_a_second_press_writes_nothing_and_shows_nothing"),
    ),
    Bug(
        "a mail that failed once is never tried again",
        "programs/services/fates.py",
        (
            (
                "owed.update(due_at=now + wait, leased_until=None, uncertain=row.uncertain, **tries)",
                'owed.update(status="dead", settled_at=now, leased_until=None, **tries)',
            ),
        ),
        ("tests/integration/test_mail_policy.py",),
    ),
)
