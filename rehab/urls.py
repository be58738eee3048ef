"""Every address of the site, from the areas that own them."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from rehab.health import healthz
from rehab.probes import livez, metrics, readyz

urlpatterns = [
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("account/", include("accounts.urls")),
    path("accounts/", include("accounts.urls.sign_in")),
    path("healthz", healthz, name="healthz"),
    path("livez", livez, name="livez"),
    path("metrics", metrics, name="metrics"),
    path("readyz", readyz, name="readyz"),
    path("", include("programs.urls")),
]

handler500 = "rehab.failures.server_error"
