"""Every address of the site, from the areas that own them."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
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
# Secrets of second factors are nobody's to read or to write, and where somebody
# was signed in is her own affair; both have pages of their own.
admin.site.unregister([Authenticator, UserSession])

urlpatterns = [
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("account/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("healthz", healthz, name="healthz"),
    path("", include("programs.urls")),
]

handler500 = "rehab.failures.server_error"
