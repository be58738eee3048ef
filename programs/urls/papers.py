"""Files to take along: the report of a runner, and her diary as a table."""

from django.urls import path

from programs.views import diary_csv, report

urlpatterns = [
    path("progress/report.pdf", report.my_report, name="my_report"),
    path("runners/<uuid:public_id>/report.pdf", report.runner_report, name="runner_report"),
    path("runners/<uuid:public_id>/diary.csv", diary_csv.runner_csv, name="runner_csv"),
]
