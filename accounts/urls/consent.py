"""Who may see a runner's data: granted, asked for, ended, looked up."""

from django.urls import path

from accounts.views import access

urlpatterns = [
    path("access/", access.access, name="access"),
    path("access/<uuid:consent_id>/revoke/", access.access_revoke, name="access_revoke"),
]
