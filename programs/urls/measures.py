"""Outcome measures of a runner: what came of them, her activities, one questionnaire."""

from django.urls import path

from programs.views import measures

urlpatterns = [
    path("measures/", measures.measures, name="measures"),
    path("measures/activities/", measures.activities, name="name_activities"),
    path("measures/answer/<slug:key>/", measures.measure, name="measure"),
]
