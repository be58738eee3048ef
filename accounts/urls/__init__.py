"""Addresses under /account/, one module per area."""

from django.urls import path

from accounts.urls import clinic, consent
from accounts.views import language, overview

urlpatterns = [
    path("", overview.account, name="account"),
    path("name/", overview.name, name="account_name"),
    path("language/", language.language, name="language"),
    *consent.urlpatterns,
    *clinic.urlpatterns,
]
