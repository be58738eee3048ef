"""Addresses of the domain, one module per area."""

from programs.urls import (
    acts,
    clinician,
    conversation,
    library,
    measures,
    my_data,
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
    *conversation.urlpatterns,
    *acts.urlpatterns,
    *red_flag_cases.urlpatterns,
    *papers.urlpatterns,
]
