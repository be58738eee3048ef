"""The administration's door: site managers only; everybody else who is signed in is refused."""

from collections.abc import Callable

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator


class RehabAdminSite(admin.AdminSite):
    site_header = site_title = "Rehab administration"
    index_title = "Site management"

    # The admin's own sign-in would go around verification, rate limits and the second factor.
    login = method_decorator(secure_admin_login)(admin.AdminSite.login)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to our own page, which bounds what is typed and tells by mail."""
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """No form here asks for suggestions; Django would give anybody's name for any field of any table."""
        raise PermissionDenied

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff by a flag alone is not enough: the role says who runs the site."""
        return super().has_permission(request) and request.user.is_manager

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False):
        """A wrong role gets 403 as on every other page, not a sign-in that cannot help her."""
        guarded = super().admin_view(view, cacheable)

        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return checked
