"""Every address of the site, from the areas that own them."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from rehab.health import healthz

# The admin's own sign-in would go around verification, rate limits and the
# second factor.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = "Rehab administration"
admin.site.site_title = "Rehab administration"
admin.site.index_title = "Site management"

urlpatterns = [
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("account/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("healthz", healthz, name="healthz"),
    path("", include("programs.urls")),
]

handler500 = "rehab.failures.server_error"
