"""What becomes of a draft: differences, walks, impact, publishing; and programmes as files."""

from django.urls import path

from programs.views import drafts_ahead, editions

DRAFT = "programmes/<slug:key>/draft"

urlpatterns = [
    path(f"{DRAFT}/walk/", drafts_ahead.draft_walk, name="draft_walk"),
    path(f"{DRAFT}/differences/", drafts_ahead.draft_diff, name="draft_diff"),
    path(f"{DRAFT}/impact/", drafts_ahead.draft_impact, name="draft_impact"),
    path(f"{DRAFT}/publish/", drafts_ahead.draft_publish, name="draft_publish"),
    path("programmes/import/", editions.programme_import, name="programme_import"),
    path("programmes/<slug:key>/versions/", editions.programme_versions, name="programme_versions"),
    path(
        "programmes/<slug:key>/differences/<int:old>/<int:new>/",
        editions.programme_diff,
        name="programme_diff",
    ),
    path("programmes/<slug:key>/<int:number>/retire/", editions.version_retire, name="version_retire"),
    path("programmes/<slug:key>/<int:number>/export/", editions.programme_export, name="programme_export"),
]
