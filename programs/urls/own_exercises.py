"""A clinic's own exercises, and their pictures."""

from django.urls import path

from programs.views import own_exercises

urlpatterns = [
    path("own-exercises/", own_exercises.own_exercises, name="own_exercises"),
    path("own-exercises/new/", own_exercises.own_exercise_new, name="own_exercise_new"),
    path("own-exercises/<slug:key>/", own_exercises.own_exercise, name="own_exercise"),
    # Above the page of an exercise, whose key it would be.
    path("exercises/pictures/<uuid:key>/", own_exercises.exercise_picture, name="exercise_picture"),
]
