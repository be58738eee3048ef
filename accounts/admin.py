"""Administration of people: accounts and consents, never diaries.

Nobody can be signed in as by it: a site manager sets neither a password nor an
address of somebody else, and sees no secret.
"""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import Group
from django.http import HttpRequest

from accounts.administration import AuditedAdmin, ReadOnlyAdmin
from accounts.forms.fields import AddressField, NameField
from accounts.models import (
    AccessRecord,
    AccountMail,
    Clinic,
    Consent,
    Erasure,
    HandOver,
    Invitation,
    Membership,
    Role,
    User,
)

# Imported from the modules that register them, or they would come back. Roles are fields
# of an account, so a group would change nothing. Addresses, second
# factors and sessions are their owner's: to change one is to be able to become her.
for model in (Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


class ManagerForm(forms.ModelForm):
    """Another site manager; she sets her password through “Forgot your password?”."""

    email = AddressField(label="E-mail address")
    name = NameField(label="Name")

    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class AccountAdmin(AuditedAdmin):
    """Accounts can be closed and opened again; site managers can be added.

    Runners sign up themselves, physiotherapists join by invitation.
    """

    ordering = ("email",)
    list_display = ("email", "name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "name")
    fields = ("email", "name", "role", "time_zone", "is_active", "last_login", "date_joined", "erased_at")

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs):
        if obj is None:
            kwargs["form"] = ManagerForm
        return super().get_form(request, obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.role = Role.MANAGER
            obj.is_staff = obj.is_superuser = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def get_fields(self, request: HttpRequest, obj: User | None = None):
        return ("email", "name") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None):
        if obj is None:
            return ()
        # An erased account stays closed, and nobody closes the account that she is using.
        is_fixed = obj.erased_at is not None or obj.pk == request.user.pk
        return [name for name in self.fields if is_fixed or name != "is_active"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_manager

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_manager

    def runner_of(self, row: User) -> int | None:
        return row.pk if row.role == Role.RUNNER else None


@admin.register(Consent)
class ConsentAdmin(AuditedAdmin):
    """To look at only: a consent is the runner's own act."""

    list_display = ("runner", "clinician", "via", "granted_at", "expires_at", "revoked_at", "text_version")
    list_select_related = ("runner", "clinician")
    search_fields = ("runner__email", "runner__name", "clinician__email", "clinician__name")
    date_hierarchy = "granted_at"


@admin.register(HandOver)
class HandOverAdmin(AuditedAdmin):
    runner_path = "consent.runner_id"
    list_display = ("consent", "to", "proposed_at", "takes_effect_at", "outcome", "settled_at")
    list_filter = ("outcome",)
    list_select_related = ("consent__runner", "consent__clinician", "to")
    exclude = ("notice",)


@admin.register(AccessRecord)
class AccessRecordAdmin(AuditedAdmin):
    """Who saw whose data; looking at that is written down as well."""

    list_display = ("id", "runner", "actor", "act", "detail", "at", "origin")
    list_filter = ("act",)
    list_select_related = ("runner", "actor")
    search_fields = ("runner__email", "actor__email")
    date_hierarchy = "at"


@admin.register(Clinic)
class ClinicAdmin(ReadOnlyAdmin):
    list_display = ("name", "created_at", "created_by")
    search_fields = ("name",)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("clinician", "clinic", "is_lead", "joined_at", "left_at", "left_by")
    list_filter = ("is_lead", "clinic")
    list_select_related = ("clinician", "clinic", "left_by")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """That somebody was invited; the digest of the secret is of use to nobody here.

    Whom a physiotherapist asked stays between the two: the address of a runner
    who may not even be one would say that her back hurts.
    """

    list_display = ("id", "kind", "clinic", "invited_by", "invited_at", "outcome", "settled_at")
    list_filter = ("kind", "outcome")
    list_select_related = ("clinic", "invited_by")
    exclude = ("secret_digest", "email", "settled_by", "consent")


@admin.register(AccountMail)
class AccountMailAdmin(ReadOnlyAdmin):
    """The delivery log of account mails: never what they say."""

    list_display = ("id", "kind", "status", "created_at", "due_at", "settled_at", "attempts")
    list_filter = ("status",)
    date_hierarchy = "created_at"
    exclude = ("recipient", "email", "subject", "text", "html")


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "kind", "role", "at", "kept_until")
    list_filter = ("kind",)
