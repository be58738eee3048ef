"""Progress, the programme's ladder, exercises and the pages of text."""

from django.urls import path

from programs.views import exercises, ladder, pages, papers, progress

urlpatterns = [
    path("progress/", progress.progress, name="progress"),
    path("programme/", ladder.programme, name="programme"),
    path("programme/sheet.pdf", papers.programme_sheet, name="programme_sheet"),
    path("programmes/", ladder.programmes, name="programmes"),
    path("programmes/<slug:key>/<int:number>/", ladder.programme_version, name="programme_version"),
    path("exercises/", exercises.exercises, name="exercises"),
    path("exercises/<slug:key>/", exercises.exercise, name="exercise"),
    path("self-care/", pages.self_care, name="self_care"),
    path("safety/", pages.safety, name="safety"),
]
