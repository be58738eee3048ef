"""Addresses of the domain, one module per area."""

from programs.urls import (
    acts,
    adjustments,
    builder,
    caseload,
    clinician,
    conversation,
    library,
    measures,
    my_data,
    own_exercises,
    papers,
    pwa,
    red_flag_cases,
    red_flags,
    runner,
    site,
)

urlpatterns = [
    *site.urlpatterns,
    *pwa.urlpatterns,
    *runner.urlpatterns,
    *red_flags.urlpatterns,
    *measures.urlpatterns,
    *my_data.urlpatterns,
    *library.urlpatterns,
    *clinician.urlpatterns,
    *caseload.urlpatterns,
    *conversation.urlpatterns,
    *acts.urlpatterns,
    *adjustments.urlpatterns,
    *own_exercises.urlpatterns,
    *red_flag_cases.urlpatterns,
    *papers.urlpatterns,
    *builder.urlpatterns,
]
