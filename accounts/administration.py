"""What the pages of the administration share: to look at only, and every look is written down."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Act
from accounts.origin import origin_of
from accounts.services.audit import record_access


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at only; the services write."""

    #: Action menus would be empty boxes here.
    actions = None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list shows may be asked for: a query by address could guess hidden columns."""
        shown = {getattr(chosen, "parameter_name", chosen) for chosen in self.list_filter}
        shown.add(self.date_hierarchy)
        return lookup in shown or lookup.split("__")[0] in shown

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


class AuditedAdmin(ReadOnlyAdmin):
    """Records of runners: whoever looks at a list or at one of them leaves a row in the audit."""

    #: How to get from a row to its runner: attribute names with dots between.
    runner_path = "runner_id"

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        """A form that was sent is answered by leading elsewhere, with her name in the message there."""
        response = super().change_view(request, object_id, form_url, extra_context)
        self._record_one(request, object_id, f"{self.opts.verbose_name} in the administration")
        return response

    def history_view(self, request: HttpRequest, object_id, extra_context=None) -> HttpResponse:
        """Its title names her."""
        response = super().history_view(request, object_id, extra_context)
        self._record_one(request, object_id, f"history of {self.opts.verbose_name} in the administration")
        return response

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        changes = (getattr(response, "context_data", None) or {}).get("cl")
        if changes is not None:
            self._record(request, list(changes.result_list), f"list of {self.opts.verbose_name_plural}")
        return response

    def _record_one(self, request: HttpRequest, object_id, detail: str) -> None:
        row = self.get_object(request, object_id)
        if row is not None:
            self._record(request, [row], detail)

    def _record(self, request: HttpRequest, rows: list[Model], detail: str) -> None:
        record_access(
            runner_ids=sorted({pk for row in rows if (pk := self.runner_of(row)) is not None}),
            actor=request.user,
            act=Act.ADMIN,
            detail=detail,
            now=timezone.now(),
            origin=origin_of(request),
        )

    def runner_of(self, row: Model) -> int | None:
        """The runner whom a row is about, if it is about one."""
        value = row
        for name in self.runner_path.split("."):
            value = getattr(value, name, None)
        return value
