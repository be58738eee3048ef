"""Addresses under /account/, one module per area."""

from django.urls import path

from accounts.urls import clinic, consent
from accounts.views import overview

urlpatterns = [
    path("", overview.account, name="account"),
    path("name/", overview.name, name="account_name"),
    *consent.urlpatterns,
    *clinic.urlpatterns,
]
