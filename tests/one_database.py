"""Which integration tests run on SQLite only: what they hold is the same on any database.

They are about words, forms, redirects, papers and drawings, about what a mail server answers, or ask the same
question of every page. What they read and write is read and written by other tests of the same thing, which
run on both. Services, constraints, races, selectors and their numbers of queries, jobs and migrations never
stand here (ADR 4). A module, or one test of a module.
"""

PAGES_ONLY = (
    # Where a sign-in leads; sign-ins themselves are in the same module.
    "test_accounts_doors.py::test_a_sign_in_leads_nowhere_else",
    "test_accounts_doors.py::test_the_second_factor_leads_nowhere_else",
    # The administration writes nothing of the domain; its own writes are in test_admin_accounts.py.
    "test_admin.py",
    # Hints beside a draft.
    "test_builder_hints.py",
    # The pages of the builder; drafts and who writes them are in test_builder.py.
    "test_builder_pages.py::test_a_draft_is_thrown_away",
    "test_builder_pages.py::test_a_draft_of_another_clinic_is_not_there",
    "test_builder_pages.py::test_a_draft_of_any_shape_can_be_opened_and_mended",
    "test_builder_pages.py::test_a_programme_from_nothing_says_what_it_needs",
    "test_builder_pages.py::test_a_runner_reads_programmes_and_writes_none",
    "test_builder_pages.py::test_a_shipped_programme_is_copied_and_stays",
    "test_builder_pages.py::test_a_stage_is_taken_from_another_programme_with_its_sources",
    "test_builder_pages.py::test_a_value_below_the_floor_is_saved_and_said",
    "test_builder_pages.py::test_her_programmes_and_those_that_are_shipped",
    "test_builder_pages.py::test_opening_and_saving_every_page_of_a_shipped_programme_changes_nothing",
    "test_builder_pages.py::test_sessions_are_added_moved_and_taken_out_with_what_was_written",
    "test_builder_pages.py::test_stages_are_moved_copied_and_taken_out",
    "test_builder_pages.py::test_the_check_says_what_a_save_would_and_stores_nothing",
    "test_builder_pages.py::test_the_second_of_two_keeps_her_words_and_sees_what_saving_would_change",
    "test_builder_pages.py::test_what_cannot_be_read_comes_back_filled_in_and_nothing_is_saved",
    "test_builder_pages.py::test_what_is_published_is_not_a_draft",
    "test_builder_pages.py::test_what_was_written_for_a_stage_that_is_gone_can_be_copied",
    # The same sweep for each way in which access ends; the ways themselves stay on both.
    "test_consent_ends.py::test_every_page_and_every_act_is_not_there",
    # What stands on the page; what it finds, and by how many queries, stays on both.
    "test_delivery_log.py::test_nothing_of_anybodys_health_is_on_the_page",
    # For a look at the product, which is on SQLite; the services that it calls are in all the others.
    "test_demo.py",
    "test_filled_names.py",
    "test_form_errors.py",
    # That harm would be found; the requests themselves, and that they change nothing, stay on both.
    "test_hostile.py::test_a_change_is_found_with_the_requests_that_may_have_done_it",
    "test_hostile.py::test_a_script_that_is_shown_is_found",
    "test_hostile.py::test_an_error_is_found",
    # Refused before anything is stored.
    "test_import.py::test_a_wrong_value_is_refused_with_its_place",
    # Steps and words of the questionnaire; enrolling is the beginning of nearly every other test.
    "test_intake.py",
    "test_languages.py",
    # How papers are set, here and below; what they read is asked for by the pages and exports as well.
    "test_letter.py::test_a_day_says_what_it_counts_as_and_marks_what_extra_notes_add",
    "test_letter.py::test_a_day_that_contradicts_its_notes_still_has_a_letter",
    "test_letter.py::test_a_day_without_an_entry_is_a_gap_and_never_a_zero",
    "test_letter.py::test_a_pause_that_is_over_began_on_the_date_that_the_pages_said",
    "test_letter.py::test_a_physiotherapist_refers_a_runner_on_who_was_never_paused",
    "test_letter.py::test_after_the_pause_it_says_until_when_and_no_longer_what_to_do",
    "test_letter.py::test_files_of_two_runners_differ_in_their_names",
    "test_letter.py::test_her_letter_is_one_page_too_however_long_its_texts",
    "test_letter.py::test_her_physiotherapist_gets_it_and_that_is_written_down",
    "test_letter.py::test_in_chinese_it_is_still_one_page",
    "test_letter.py::test_it_can_be_asked_for_in_the_language_of_whoever_sees_her",
    "test_letter.py::test_it_is_one_page_that_says_who_why_and_what_was_answered",
    "test_letter.py::test_long_texts_never_reach_a_second_page",
    "test_letter.py::test_names_of_all_kinds_come_out",
    "test_letter.py::test_somebody_elses_physiotherapist_gets_nothing",
    "test_letter.py::test_the_file_is_private_and_its_name_tells_nothing",
    "test_letter.py::test_who_was_never_paused_has_no_letter",
    # What a mail server answers, whatever the database; claims, races and crashes of sending stay on both.
    "test_mail_by_provider.py",
    # The words of each kind; their content and its queries stay on both.
    "test_mail_contents.py::test_a_test_mail_of_every_kind_says_that_it_is_one_and_does_nothing",
    "test_mail_faults.py",
    # Looks at links: whatever they are, no row changes; presses and their races stay on both.
    "test_mail_link_logs.py",
    "test_mail_link_scanners.py",
    "test_mail_outages.py",
    # The form and the list; choosing, owing and sending are in the other modules of mails.
    "test_mail_settings.py",
    # The administration, as in test_admin.py; what is kept and erased stays on both.
    "test_mails_kept_and_erased.py::test_the_administration_tells_of_no_pause_and_of_no_runner",
    "test_mails_sent.py",
    # The form, the comparison; the act itself is in test_moves.py.
    "test_move_pages.py",
    # The words of days before a move; moves themselves are in test_moves.py.
    "test_moved_pages.py",
    "test_name.py",
    "test_no_enumeration.py",
    # Images, before anything is stored.
    "test_own_exercises.py::test_a_bomb_of_text_costs_no_memory",
    "test_own_exercises.py::test_every_way_of_keeping_points_becomes_a_picture",
    "test_own_exercises.py::test_noise_is_made_small_enough",
    "test_own_exercises.py::test_what_is_no_picture_of_ours_is_refused_and_nothing_is_kept",
    # Read, and refused before anything is stored.
    "test_programme_files.py",
    "test_programme_sheet.py::test_a_page_and_a_sheet_show_labels_in_their_language",
    "test_programme_sheet.py::test_every_drawing_can_be_printed",
    "test_programme_sheet.py::test_the_sheet_says_everything_of_the_step",
    # Drawings against the facts that they are drawn from.
    "test_progress_marks.py",
    # What is drawn of it; what it reads, and by how many queries, stays on both.
    "test_progress_pages.py::test_a_correction_shows_what_it_replaced_and_what_holds_now",
    "test_progress_pages.py::test_a_day_that_was_not_logged_is_a_gap_in_the_line_and_not_recorded_in_the_table",
    "test_progress_pages.py::test_a_day_without_a_session_has_no_session_scores_to_record",
    "test_progress_pages.py::test_a_newer_version_is_the_one_in_the_list_and_the_older_stays_readable",
    "test_progress_pages.py::test_a_page_of_the_ledger_that_is_not_there_is_the_last_one",
    "test_progress_pages.py::test_a_pause_is_marked_once_when_it_begins",
    "test_progress_pages.py::test_a_physiotherapist_has_no_progress_of_her_own",
    "test_progress_pages.py::test_a_rule_that_the_engine_knows_no_more_is_shown_by_its_code",
    "test_progress_pages.py::test_a_runner_reads_what_holds_for_her_own_back",
    "test_progress_pages.py::test_a_runner_sees_her_progress_and_a_strange_range_is_the_usual_one",
    "test_progress_pages.py::test_a_session_whose_score_is_missing_says_so",
    "test_progress_pages.py::test_a_stranger_is_asked_to_sign_in",
    "test_progress_pages.py::test_a_version_that_is_not_there_or_a_draft_is_not_found",
    "test_progress_pages.py::test_a_warning_sign_and_a_physiotherapists_act_are_told_as_such",
    "test_progress_pages.py::test_a_zero_is_shown_as_zero",
    "test_progress_pages.py::test_an_advance_is_marked_and_the_next_step_begins_the_day_after",
    "test_progress_pages.py::test_an_advice_to_be_seen_is_a_change_once_and_marked_once",
    "test_progress_pages.py::test_an_exercise_that_is_not_there_is_not_found",
    "test_progress_pages.py::test_an_exercise_without_a_drawing_still_has_its_page",
    "test_progress_pages.py::test_an_older_version_stays_on_its_runners_page",
    "test_progress_pages.py::test_changes_are_newest_first_and_leave_out_days_on_which_all_stayed",
    "test_progress_pages.py::test_every_decision_opens_to_its_criteria_its_rule_and_who_made_it",
    "test_progress_pages.py::test_every_exercise_has_a_page_with_its_drawing_and_its_words",
    "test_progress_pages.py::test_every_rule_has_its_source_in_words_and_none_of_its_keys",
    "test_progress_pages.py::test_every_threshold_of_every_programme_has_words_a_grade_and_its_sources_in_words",
    "test_progress_pages.py::test_every_week_of_a_long_programme_has_its_count",
    "test_progress_pages.py::test_nothing_on_the_page_counts_days_in_a_row_or_says_behind",
    "test_progress_pages.py::test_the_chart_begins_with_the_programme_and_reaches_back_as_asked",
    "test_progress_pages.py::test_the_ladder_marks_the_present_step_and_those_behind",
    "test_progress_pages.py::test_the_picture_and_the_table_are_on_the_page_with_words_for_both",
    "test_progress_pages.py::test_today_is_not_missing_before_it_is_over",
    "test_progress_pages.py::test_weeks_count_what_was_done_of_what_was_planned_and_judge_nothing",
    "test_progress_pages.py::test_what_is_off_says_who_may_turn_it_on",
    "test_progress_pages.py::test_without_a_programme_the_page_leads_to_one",
    "test_progress_pages.py::test_without_a_score_the_chart_says_so_and_still_has_its_table",
    "test_pwa.py",
    # Which header counts is settled before anything is counted; counts and their races stay on both.
    "test_rate_limits.py::test_a_hundred_forwarded_addresses_are_one_caller",
    "test_red_flags_everywhere.py",
    "test_report.py::test_a_long_time_is_one_page_as_well",
    "test_report.py::test_a_paused_runner_is_asked_for_nothing",
    "test_report.py::test_a_runner_takes_her_own_and_nothing_is_written_down",
    "test_report.py::test_a_runner_who_was_moved_has_the_steps_of_both_programmes",
    "test_report.py::test_acts_stand_there_with_their_reasons",
    "test_report.py::test_her_physiotherapist_takes_a_copy_and_that_is_written_down",
    "test_report.py::test_in_chinese_it_is_still_one_page_and_says_its_language",
    "test_report.py::test_it_can_be_asked_for_the_last_days_only",
    "test_report.py::test_it_is_one_page_with_steps_sessions_decisions_and_the_present_plan",
    "test_report.py::test_its_title_tells_nobodys_name",
    "test_report.py::test_long_reasons_never_reach_a_second_page",
    "test_report.py::test_names_of_all_kinds_come_out",
    "test_report.py::test_on_the_first_day_there_is_a_report_too",
    "test_report.py::test_once_access_has_ended_there_is_none",
    "test_report.py::test_private_notes_and_messages_are_no_part_of_it",
    "test_report.py::test_the_picture_has_every_score_and_every_mark",
    # What they show of the diary; the services behind are in test_diary, test_week, test_corrections.
    "test_runner_pages.py",
    # Every address is asked, and each leads to the second factor before its page is; factors stay on both.
    "test_second_factor.py::test_with_a_factor_that_was_not_used_nothing_opens_but_the_way_to_use_it",
    "test_second_factor.py::test_without_a_factor_nothing_opens_but_the_way_to_one",
    "test_second_factor_demo.py",
    "test_security_mail.py",
    # What is typed is escaped by templates.
    "test_security_scripts.py",
    # The form; its service is in test_self_clear.py.
    "test_self_clear_pages.py",
)
