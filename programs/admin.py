"""Administration for site managers: what runs and what it did, and nothing to change.

Diary entries are not registered at all: running the site does not need them.
Lists hold no scores; a decision's inputs are for the physiotherapist's page.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.administration import AuditedAdmin, ReadOnlyAdmin
from programs.models import (
    Decision,
    Enrolment,
    EntryRevision,
    Intake,
    JobHeartbeat,
    LibraryItem,
    MeasureResponse,
    MessageOwed,
    MessageStatus,
    Override,
    PainNote,
    ProgrammeTemplate,
    ProgrammeVersion,
    VersionStatus,
)
from programs.selectors.mail_sorts import SORT_OF, SORTS, reason_of


class VersionInline(admin.TabularInline):
    model = ProgrammeVersion
    fields = readonly_fields = ("number", "status", "published_at", "note")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(ProgrammeTemplate)
class ProgrammeTemplateAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "family")
    search_fields = ("title", "key")
    inlines = [VersionInline]


@admin.register(ProgrammeVersion)
class ProgrammeVersionAdmin(ReadOnlyAdmin):
    """A draft may be given a note; its document comes from ``load_library``, which checks it."""

    list_display = ("template", "number", "status", "published_at", "published_by", "published_job")
    list_filter = ("status", "template")
    list_select_related = ("template", "published_by")

    def has_change_permission(self, request: HttpRequest, obj: ProgrammeVersion | None = None) -> bool:
        is_draft = obj is not None and obj.status == VersionStatus.DRAFT
        return is_draft and request.user.has_perm("programs.change_programmeversion")

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return [field.name for field in self.opts.fields if field.name != "note"]


@admin.register(LibraryItem)
class LibraryItemAdmin(ReadOnlyAdmin):
    list_display = ("kind", "key", "number", "published_at")
    list_filter = ("kind",)
    search_fields = ("key",)


class SetAsideFilter(admin.SimpleListFilter):
    title = "set aside by an error"
    parameter_name = "set_aside"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", "Set aside"), ("no", "Running")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "yes":
            return queryset.filter(failures__gt=0)
        return queryset.filter(failures=0) if self.value() == "no" else queryset


@admin.register(Enrolment)
class EnrolmentAdmin(AuditedAdmin):
    """What the jobs need to be watched by: whose day closes when, and what stopped it."""

    list_display = ("id", "runner", "status", "decided_through", "closes_at", "failures", "retry_at")
    list_filter = (SetAsideFilter, "status", "version__template")
    list_select_related = ("runner",)
    search_fields = ("runner__name", "runner__email", "public_id")
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("public_id", "runner", "version", "family", "status", "created_at")}),
        ("Day close", {"fields": ("decided_through", "closes_at", "claimed_until")}),
        ("Errors", {"fields": ("failures", "retry_at", "last_error")}),
    )


@admin.register(Decision)
class DecisionAdmin(AuditedAdmin):
    """The ledger as an audit trail: who decided when, by which rule and engine; no scores."""

    runner_path = "enrolment.runner_id"
    list_display = ("id", "enrolment", "date", "trigger", "rule", "decided_at", "decided_by", "job")
    list_filter = ("trigger", "rule", "engine_version")
    list_select_related = ("enrolment", "decided_by")
    date_hierarchy = "date"
    fields = (
        "enrolment",
        "date",
        "trigger",
        "rule",
        "stage_before",
        "stage_after",
        "takes_effect_on",
        "version",
        "engine_version",
        "inputs_hash",
        "time_zone",
        "decided_at",
        "decided_by",
        "job",
        "supersedes",
        "override",
    )


@admin.register(Override)
class OverrideAdmin(AuditedAdmin):
    """That a physiotherapist acted, and how; why, and who saw the runner, stays with the two of them."""

    runner_path = "enrolment.runner_id"
    list_display = ("id", "enrolment", "kind", "date", "made_by", "made_at", "review_on")
    list_filter = ("kind",)
    list_select_related = ("enrolment", "made_by")
    date_hierarchy = "made_at"
    fields = (
        "enrolment",
        "kind",
        "date",
        "until",
        "stage",
        "version",
        "reason_code",
        "review_on",
        "made_at",
        "made_by",
    )


@admin.register(EntryRevision)
class EntryRevisionAdmin(AuditedAdmin):
    """That an entry was changed, when and by whom; what it said stays with the runner."""

    runner_path = "entry.enrolment.runner_id"
    list_display = ("id", "entry_id", "replaced_at", "replaced_by", "after_close")
    list_filter = ("after_close",)
    list_select_related = ("replaced_by", "entry__enrolment")
    fields = ("entry_id", "replaced_at", "replaced_by", "after_close")


@admin.register(PainNote)
class PainNoteAdmin(AuditedAdmin):
    """That a note was made; what it said stays with the runner and her physiotherapist."""

    runner_path = "entry.enrolment.runner_id"
    list_display = ("id", "entry_id", "recorded_at", "recorded_by")
    list_select_related = ("recorded_by", "entry__enrolment")
    fields = ("entry_id", "recorded_at", "recorded_by")


@admin.register(MeasureResponse)
class MeasureResponseAdmin(AuditedAdmin):
    """That a questionnaire was answered; the answers stay with the runner and her physiotherapist."""

    runner_path = "enrolment.runner_id"
    list_display = ("id", "enrolment", "questionnaire", "edition", "date", "occasion")
    list_filter = ("questionnaire", "occasion")
    list_select_related = ("enrolment",)
    fields = ("enrolment", "questionnaire", "edition", "date", "occasion", "answered_at")


@admin.register(Intake)
class IntakeAdmin(AuditedAdmin):
    """That somebody was accepted or referred; the answers stay with her and her physiotherapist."""

    list_display = ("id", "runner", "answered_at", "outcome", "enrolment")
    list_filter = ("outcome",)
    list_select_related = ("runner", "enrolment")
    fields = ("runner", "answered_at", "outcome", "enrolment")


@admin.register(MessageOwed)
class MessageOwedAdmin(AuditedAdmin):
    """As the delivery log: of which sort, never what it tells of, and never about which runner."""

    list_display = ("id", "recipient", "sort", "status", "wanted_at", "due_at", "settled_at", "attempts")
    list_filter = ("status",)
    list_select_related = ("recipient",)
    search_fields = ("recipient__email", "message_id")
    date_hierarchy = "created_at"
    fields = (
        "recipient",
        "sort",
        "status",
        "created_at",
        "wanted_at",
        "due_at",
        "settled_at",
        "attempts",
        "uncertain",
        "message_id",
        "what_happened",
    )
    readonly_fields = ("sort", "what_happened")

    @admin.display(description="sort")
    def sort(self, row: MessageOwed) -> str:
        return str(SORTS[SORT_OF[row.kind]])

    @admin.display(description="what happened")
    def what_happened(self, row: MessageOwed) -> str:
        return reason_of(row.outcome, is_skipped=row.status == MessageStatus.SKIPPED) if row.outcome else ""

    def runner_of(self, row: MessageOwed) -> int | None:
        """Whom it was sent to, where that is a runner; about whom a colleague was told is not shown."""
        return row.recipient_id if row.recipient.is_runner else None


@admin.register(JobHeartbeat)
class JobHeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name", "beat_at", "note", "runs", "failures", "last_seconds", "last_error", "failed_at")
