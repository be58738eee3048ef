"""After a warning sign: the letter for whoever sees the runner, and the way back in."""

from django.urls import path

from programs.views import letter, self_clear

urlpatterns = [
    path("paused/back/", self_clear.self_clear, name="self_clear"),
    path("paused/letter/", letter.letter, name="letter"),
    path("runners/<uuid:public_id>/letter/", letter.runner_letter, name="runner_letter"),
]
