"""The site as an app on a phone."""

from django.urls import path

from programs.views import pwa

urlpatterns = [
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    # At the root: a worker may not reach above its own address.
    path("service-worker.js", pwa.service_worker, name="service_worker"),
    path("offline/", pwa.offline, name="offline"),
    path("offline/check-in/", pwa.offline_form, name="offline_check_in"),
    path("offline/kept/", pwa.offline_kept, name="offline_kept"),
    path("offline/something-wrong/", pwa.offline_wrong, name="offline_wrong"),
    path("offline/phone/", pwa.phone, name="phone"),
]
