"""Files to take along: the report of a runner, and her diary as a table."""

from django.urls import path

from programs.views import diary_csv

urlpatterns = [
    path("runners/<uuid:public_id>/diary.csv", diary_csv.runner_csv, name="runner_csv"),
]
