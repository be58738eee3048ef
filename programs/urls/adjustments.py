"""Exercises changed for one runner."""

from django.urls import path

from programs.views import adjustments

urlpatterns = [
    path("runners/<uuid:public_id>/exercises/", adjustments.adjustments, name="adjustments"),
    path("runners/<uuid:public_id>/exercises/<slug:key>/", adjustments.adjust, name="adjust"),
]
