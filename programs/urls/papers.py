"""Files to take along, and how far people and engine agree."""

from django.urls import path

from programs.views import agreement, diary_csv, report

urlpatterns = [
    path("agreement/", agreement.agreement, name="agreement"),
    path("progress/report.pdf", report.my_report, name="my_report"),
    path("runners/<uuid:public_id>/report.pdf", report.runner_report, name="runner_report"),
    path("runners/<uuid:public_id>/diary.csv", diary_csv.runner_csv, name="runner_csv"),
]
