"""Addresses under /account/, one module per area."""

from django.urls import path

from accounts.urls import clinic, consent
from accounts.views import bounces, language, overview

urlpatterns = [
    path("", overview.account, name="account"),
    path("name/", overview.name, name="account_name"),
    path("address/works/", bounces.address_works, name="address_works"),
    path("language/", language.language, name="language"),
    *consent.urlpatterns,
    *clinic.urlpatterns,
]
