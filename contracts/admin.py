from django.contrib import admin

from b2b.admin import DocumentAdmin, ReadOnlyInline
from contracts import models


class ClauseVersionInline(ReadOnlyInline):
    model = models.ClauseVersion
    fields = ("number", "text", "chinese_text", "approved_at")


class ContractClauseInline(ReadOnlyInline):
    model = models.ContractClause
    fields = ("position", "title", "text", "chinese_text")


class SignatureInline(ReadOnlyInline):
    model = models.Signature
    fields = ("party", "organisation", "user", "sha256", "signed_at", "voided_at")


class CallOffLineInline(ReadOnlyInline):
    model = models.CallOffLine
    fields = ("number", "contract_line", "quantity", "counted", "unit_price")


@admin.register(models.Clause)
class ClauseAdmin(DocumentAdmin):
    list_display = ("code", "title", "kind", "state", "buyer", "in_force")
    list_select_related = ("buyer",)
    search_fields = ("code", "title", "chinese_title")
    inlines = (ClauseVersionInline,)


@admin.register(models.ContractTemplate)
class ContractTemplateAdmin(DocumentAdmin):
    list_display = ("code", "name", "state", "buyer", "in_force")
    list_select_related = ("buyer",)
    search_fields = ("code", "name", "chinese_name")


@admin.register(models.Contract)
class ContractAdmin(DocumentAdmin):
    list_display = ("__str__", "state", "title", "buyer", "supplier", "starts_on", "ends_on")
    list_select_related = ("buyer", "supplier")
    search_fields = ("number", "title", "=id")
    inlines = (ContractClauseInline, SignatureInline)


@admin.register(models.CallOff)
class CallOffAdmin(DocumentAdmin):
    list_display = ("__str__", "state", "contract", "order", "amount", "created_at")
    list_select_related = ("contract", "order")
    inlines = (CallOffLineInline,)
