"""In who may see and do what, and in what is written down of it."""

from scripts.planted.bug import Bug

BUGS = (
    Bug(
        "the door to a runner does not ask whose she is",
        "programs/access.py",
        (
            (
                'Enrolment.objects.visible_to(user, now).select_related("runner", "version__template")',
                'Enrolment.objects.select_related("runner", "version__template")',
            ),
        ),
        ("tests/access/test_doors.py",),
    ),
    Bug(
        "consent is not asked for again inside the service",
        "programs/services/clinician_acts.py",
        (
            (
                "or not has_consent(runner_id=locked.runner_id, clinician=by, now=now):",
                "or locked.runner_id is None:",
            ),
        ),
        ("tests/integration/test_overrides.py",),
    ),
    Bug(
        "an act leaves no row of the audit",
        "programs/services/acts.py",
        (
            (
                "        runner_ids=[enrolment.runner_id],\n        actor=act.made_by,",
                "        runner_ids=[],\n        actor=act.made_by,",
            ),
        ),
        ("tests/integration/test_audit.py",),
    ),
    Bug(
        "opening a link writes its score",
        "programs/views/one_tap.py",
        (
            (
                'request.POST if request.method == "POST" else None,',
                'request.POST if request.method == "POST" else {"score": score},',
            ),
            ('if request.method == "POST" and form.is_valid():', "if form.is_valid():"),
        ),
        ("tests/integration/test_mail_link_scanners.py",),
    ),
    Bug(
        "links of all purposes share one salt",
        "programs/mail_links.py",
        (('salted_hmac(f"rehab.mail_links.{purpose}",', 'salted_hmac("rehab.mail_links",'),),
        ("tests/integration/test_mail_link_scanners.py",),
    ),
    Bug(
        "a cell of a spreadsheet may be a formula",
        "programs/archive/cells.py",
        (('return f"\'{text}" if', "return text if"),),
        ("tests/unit/test_archive_files.py",),
    ),
    Bug(
        "a session that has seen only the password opens pages",
        "accounts/middleware.py",
        (
            (
                "if standing is Standing.UNSIGNED and name not in self.TO_USE:",
                "if standing is Standing.UNSIGNED and not name:",
            ),
        ),
        ("tests/integration/test_second_factor.py",),
    ),
    Bug(
        "a physiotherapist's list is everybody",
        "programs/models/enrolment.py",
        (
            (
                "        if user.is_clinician:\n            return self.on_caseload_of(user, now)",
                "        if user.is_clinician:\n            return self",
            ),
        ),
        ("tests/access/test_doors.py",),
    ),
)
