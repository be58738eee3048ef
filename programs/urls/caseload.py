"""The physiotherapist's list, and what she does on it."""

from django.urls import path

from programs.views import caseload
from programs.views.ended_runners import ended_runners

urlpatterns = [
    path("caseload/", caseload.caseload, name="caseload"),
    path("caseload/ended/", ended_runners, name="ended_runners"),
    path("caseload/seen/", caseload.caseload_seen, name="caseload_seen"),
    path("caseload/message/", caseload.caseload_message, name="caseload_message"),
    path("caseload/views/", caseload.caseload_view_save, name="caseload_view_save"),
    path("caseload/views/<uuid:view_id>/delete/", caseload.caseload_view_delete, name="caseload_view_delete"),
    path("runners/<uuid:public_id>/put-off/", caseload.snooze, name="snooze"),
    path("runners/<uuid:public_id>/put-off/end/", caseload.snooze_end, name="snooze_end"),
]
