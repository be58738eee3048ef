"""Addresses of the domain, one module per area."""

from programs.urls import (
    acts,
    clinician,
    library,
    measures,
    my_data,
    papers,
    pwa,
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
    *acts.urlpatterns,
    *papers.urlpatterns,
]
