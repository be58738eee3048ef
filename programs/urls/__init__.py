"""Addresses of the domain, one module per area."""

from programs.urls import clinician, library, runner, site

urlpatterns = [*site.urlpatterns, *runner.urlpatterns, *library.urlpatterns, *clinician.urlpatterns]
