"""Administration of people: accounts and consents, never diaries."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest

from accounts.models import Consent, User


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role")
        field_classes = {}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class AccountChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@admin.register(User)
class AccountAdmin(UserAdmin):
    form = AccountChangeForm
    add_form = AccountCreationForm
    ordering = ("email",)
    list_display = ("email", "name", "role", "is_active", "is_staff", "last_login")
    list_filter = ("role", "is_active", "is_staff")
    search_fields = ("email", "name")
    # A new zone moves the due instants of the jobs; the person changes it in the settings.
    readonly_fields = ("time_zone", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("name", "role", "time_zone")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "description": "Physiotherapists are created here; runners sign up themselves. "
                "Without a password the person sets one through “Forgot your password?”. "
                "The first sign-in asks for a code from that mailbox.",
                "fields": ("email", "name", "role", "usable_password", "password1", "password2"),
            },
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Deleting a person says what is kept and why; that is no button of the admin."""
        return False


@admin.register(Consent)
class ConsentAdmin(admin.ModelAdmin):
    """To look at only: a consent is the runner's own act."""

    list_display = ("runner", "clinician", "granted_at", "revoked_at", "text_version")
    list_select_related = ("runner", "clinician")
    search_fields = ("runner__email", "runner__name", "clinician__email", "clinician__name")
    date_hierarchy = "granted_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Consent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Consent | None = None) -> bool:
        return False
