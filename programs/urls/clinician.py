"""The physiotherapist's pages of one runner, and her acts."""

from django.urls import path

from programs.views import clinician, papers

urlpatterns = [
    path("runners/<uuid:public_id>/", clinician.runner, name="runner"),
    path("runners/<uuid:public_id>/sheet.pdf", papers.runner_sheet, name="runner_sheet"),
    path("runners/<uuid:public_id>/hold/", clinician.override_hold, name="override_hold"),
    path("runners/<uuid:public_id>/set-stage/", clinician.override_stage, name="override_stage"),
    path("runners/<uuid:public_id>/clear/", clinician.override_clear, name="override_clear"),
]
