"""Progress, the programme's ladder, exercises and the pages of text."""

from django.urls import path

from programs.views import progress

urlpatterns = [
    path("progress/", progress.progress, name="progress"),
]
