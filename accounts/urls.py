from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("access/", views.access, name="access"),
    path("access/grant/", views.access_grant, name="access_grant"),
    path("access/<uuid:consent_id>/revoke/", views.access_revoke, name="access_revoke"),
]
