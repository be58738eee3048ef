"""The builder of programmes: a physiotherapist's own drafts."""

from django.urls import path

from programs.views import builder, builder_parts

DRAFT = "programmes/<slug:key>/draft"

urlpatterns = [
    path("programmes/new/", builder.draft_begin, name="draft_begin"),
    path("programmes/<slug:key>/<int:number>/copy/", builder.programme_copy, name="programme_copy"),
    path(f"{DRAFT}/", builder.draft, name="draft"),
    path(f"{DRAFT}/next/", builder.draft_next, name="draft_next"),
    path(f"{DRAFT}/discard/", builder.draft_discard, name="draft_discard"),
    path(f"{DRAFT}/about/", builder_parts.draft_about, name="draft_about"),
    path(f"{DRAFT}/rules/", builder_parts.draft_rules, name="draft_rules"),
    path(f"{DRAFT}/check/", builder_parts.draft_check, name="draft_check"),
    path(f"{DRAFT}/stages/new/", builder.draft_stage_new, name="draft_stage_new"),
    path(f"{DRAFT}/stages/<int:stage>/", builder_parts.draft_stage, name="draft_stage"),
    path(
        f"{DRAFT}/stages/<int:stage>/sessions/<int:session>/",
        builder_parts.draft_session,
        name="draft_session",
    ),
]
