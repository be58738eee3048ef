"""Which integration tests run on SQLite only: what they hold is the same on any database.

They are about words, forms, redirects, papers and drawings, or ask the same question of every page. What
they read and write is read and written by other tests of the same thing, which run on both. Services,
constraints, races, selectors and their numbers of queries, jobs and migrations never stand here (ADR 4).
A module, or one test of a module.
"""

PAGES_ONLY = (
    # Where a sign-in leads; sign-ins themselves are in the same module.
    "test_accounts_doors.py::test_a_sign_in_leads_nowhere_else",
    "test_accounts_doors.py::test_the_second_factor_leads_nowhere_else",
    # The administration writes nothing of the domain; its own writes are in test_admin_accounts.py.
    "test_admin.py",
    # Hints beside a draft.
    "test_builder_hints.py",
    # Every form of every shipped programme; drafts and who writes them stay on both.
    "test_builder_pages.py::test_opening_and_saving_every_page_of_a_shipped_programme_changes_nothing",
    # The same sweep for each way in which access ends; the ways themselves stay on both.
    "test_consent_ends.py::test_every_page_and_every_act_is_not_there",
    # What stands on the page; what it finds, and by how many queries, stays on both.
    "test_delivery_log.py::test_nothing_of_anybodys_health_is_on_the_page",
    "test_form_errors.py",
    # Refused before anything is stored.
    "test_import.py::test_a_wrong_value_is_refused_with_its_place",
    # Steps and words of the questionnaire; enrolling is the beginning of nearly every other test.
    "test_intake.py",
    "test_languages.py",
    # How papers are set, here and below; what they read is in the other tests of these modules.
    "test_letter.py::test_in_chinese_it_is_still_one_page",
    "test_letter.py::test_long_texts_never_reach_a_second_page",
    "test_letter.py::test_names_of_all_kinds_come_out",
    # The words of each kind; their content and its queries stay on both.
    "test_mail_contents.py::test_a_test_mail_of_every_kind_says_that_it_is_one_and_does_nothing",
    # Looks at links: whatever they are, no row changes; presses and their races stay on both.
    "test_mail_link_logs.py",
    "test_mail_link_scanners.py",
    # The form and the list; choosing, owing and sending are in the other modules of mails.
    "test_mail_settings.py",
    "test_mails_sent.py",
    # The words of days before a move; moves themselves are in test_moves.py.
    "test_moved_pages.py",
    "test_name.py",
    # Images, before anything is stored.
    "test_own_exercises.py::test_a_bomb_of_text_costs_no_memory",
    "test_own_exercises.py::test_every_way_of_keeping_points_becomes_a_picture",
    "test_own_exercises.py::test_noise_is_made_small_enough",
    "test_own_exercises.py::test_what_is_no_picture_of_ours_is_refused_and_nothing_is_kept",
    "test_programme_sheet.py::test_a_page_and_a_sheet_show_labels_in_their_language",
    "test_programme_sheet.py::test_every_drawing_can_be_printed",
    "test_programme_sheet.py::test_the_sheet_says_everything_of_the_step",
    # Drawings against the facts that they are drawn from.
    "test_progress_marks.py",
    "test_pwa.py",
    "test_red_flags_everywhere.py",
    "test_report.py::test_a_long_time_is_one_page_as_well",
    "test_report.py::test_in_chinese_it_is_still_one_page_and_says_its_language",
    "test_report.py::test_long_reasons_never_reach_a_second_page",
    "test_report.py::test_names_of_all_kinds_come_out",
    # What they show of the diary; the services behind are in test_diary, test_week, test_corrections.
    "test_runner_pages.py",
    "test_second_factor_demo.py",
    # What is typed is escaped by templates.
    "test_security_scripts.py",
    # The form; its service is in test_self_clear.py.
    "test_self_clear_pages.py",
)
