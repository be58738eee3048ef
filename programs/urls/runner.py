"""The runner's own pages: intake, today, check-in, why, settings, and the end of somebody's access."""

from django.urls import path

from programs.views import access_end, check_in, intake, notes, player, red_flags, settings, today, week

urlpatterns = [
    path("start/", intake.intake, name="intake"),
    path("start/result/", intake.intake_result, name="intake_result"),
    path("start/<slug:step>/", intake.intake_step, name="intake_step"),
    path("today/", today.today, name="today"),
    path("paused/", red_flags.paused, name="paused"),
    path("why/", today.why, name="why"),
    path("week/", week.week, name="week"),
    path("week/<str:date>/", week.day, name="week_day"),
    path("session/<int:number>/", player.player, name="player"),
    path("check-in/", check_in.check_in, name="check_in"),
    path("check-in/<str:date>/", check_in.check_in, name="check_in_for"),
    path("check-in/<str:date>/saved/", check_in.check_in_saved, name="check_in_saved"),
    path("note/", notes.note, name="note"),
    path("note/on/<str:date>/", notes.note, name="note_for"),
    path("note/<uuid:key>/change/", notes.note_change, name="note_change"),
    path("note/<uuid:key>/withdraw/", notes.note_withdraw, name="note_withdraw"),
    path("something-wrong/", red_flags.something_wrong, name="something_wrong"),
    path("settings/", settings.settings, name="settings"),
    # Beside accounts' own pages of access: it tells of the programme, which accounts knows nothing of.
    path("account/access/<uuid:consent_id>/revoke/", access_end.access_revoke, name="access_revoke"),
]
