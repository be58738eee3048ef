"""In who may see and do what, and in what is written down of it."""

from scripts.planted.bug import Bug, near

BUGS = (
    Bug(
        "the door to a runner does not ask whose she is",
        "programs/access.py",
        (
            (
                "enrolment = _on_caseload.first(clinician=user.pk, now=now, public_id=public_id)",
                "enrolment = _with_all_of_it(Enrolment.objects.filter(public_id=public_id)).first()",
            ),
        ),
        near("tests/access/test_doors.py", "test_not_yours_and_not_there_look_the_same"),
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
        near("tests/integration/test_overrides.py", "test_without_consent_nobody_acts"),
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
        near("tests/integration/test_audit.py", "test_an_act_leaves_one_row_beside_that_of_its_form"),
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
        near(
            "tests/integration/test_mail_link_scanners.py",
            "test_a_scanner_that_opens_every_link_three_times_changes_no_row",
        ),
    ),
    Bug(
        "links of all purposes share one salt",
        "programs/mail_links.py",
        (('salted_hmac(f"rehab.mail_links.{purpose}",', 'salted_hmac("rehab.mail_links",'),),
        near(
            "tests/integration/test_mail_link_scanners.py", "test_a_token_of_one_purpose_is_none_for_another"
        ),
    ),
    Bug(
        "a cell of a spreadsheet may be a formula",
        "programs/archive/cells.py",
        (('return f"\'{text}" if', "return text if"),),
        near("tests/unit/test_archive_files.py", "test_no_cell_of_text_is_a_formula"),
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
        near(
            "tests/integration/test_second_factor.py",
            "test_with_a_factor_that_was_not_used_nothing_opens_but_the_way_to_use_it",
        ),
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
        near("tests/access/test_doors.py", "test_no_caseload_but_of_those_let_in_names_her"),
    ),
)
