"""The admin site for the platform's staff: it shows everything and changes no document and no journal."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from b2b import models, outbox


def sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Staff sign in where everybody does: with the limits on attempts and the second factor of that door."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise PermissionDenied
    return redirect_to_login(str(request.GET.get("next") or reverse("admin:index")), str(settings.LOGIN_URL))


admin.site.login = sign_in  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Hanse"
admin.site.index_title = _("Platform")


class ReadOnlyAdmin(admin.ModelAdmin):
    """For documents, journals and ledgers: looking is all there is."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """The lines of a document."""

    extra = 0
    can_delete = False
    has_add_permission = has_change_permission = has_delete_permission = lambda *args: False


class DocumentAdmin(ReadOnlyAdmin):
    """A document of any app: its number, state and age first."""

    list_display: tuple[str, ...] = ("__str__", "state", "version", "created_at", "created_by")
    list_filter = ("state",)
    list_select_related: ClassVar[tuple[str, ...]] = ("created_by",)
    search_fields: ClassVar[tuple[str, ...]] = ("number", "=id")
    ordering = ("-id",)


@admin.register(models.Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "native_name", "is_buyer", "is_supplier", "is_platform", "country")
    list_filter = ("is_buyer", "is_supplier", "is_platform")
    search_fields = ("name", "native_name")


@admin.register(models.User)
class UserAdmin(admin.ModelAdmin):
    """Passwords and second factors are their owner's business; staff may shut an account."""

    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "is_active", "is_staff", "last_login", "date_joined")
    readonly_fields = ("last_login", "date_joined")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "organisation", "roles", "active")
    list_filter = ("active",)
    list_select_related = ("user", "organisation")
    autocomplete_fields = ("user", "organisation")
    search_fields = ("user__email", "organisation__name")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "document_type", "document_id", "sequence", "step", "before", "after", "user")
    list_filter = ("document_type", "step")
    list_select_related = ("user",)
    search_fields = ("=document_id", "=request_id")
    ordering = ("-id",)


@admin.register(models.JournalCheckpoint)
class JournalCheckpointAdmin(ReadOnlyAdmin):
    list_display = ("number", "first_id", "last_id", "count", "signed_at")
    fields = ("number", "first_id", "last_id", "count", "signed_at")
    ordering = ("-number",)


@admin.register(models.PersonalToken)
class PersonalTokenAdmin(ReadOnlyAdmin):
    list_display = ("name", "prefix", "user", "organisation", "last_used_at", "expires_at", "revoked_at")
    fields = (
        "name",
        "prefix",
        "user",
        "organisation",
        "scopes",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    list_select_related = ("user", "organisation")
    search_fields = ("prefix", "user__email")


@admin.register(models.Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("kind", "state", "done_count", "total_count", "attempts", "created_at", "ended_at")
    list_filter = ("state", "kind")
    ordering = ("-id",)


@admin.register(models.OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ("task", "state", "attempts", "due_at", "ended_at")
    list_filter = ("state", "task")
    ordering = ("-id",)
    actions = ("try_again",)

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[models.OutboxMessage]) -> None:
        """Only what was given up; see ``b2b.outbox.revive``."""
        outbox.revive(queryset.values_list("pk", flat=True))


@admin.register(models.Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ("name", "organisation", "document_type", "size", "media_type", "created_at")
    list_filter = ("document_type", "media_type")
    list_select_related = ("organisation",)
    search_fields = ("name", "=document_id", "=sha256")
    ordering = ("-id",)
