"""Suppliers and their papers, to look at. Account numbers stay sealed: only their last digits show."""

from __future__ import annotations

from django.contrib import admin

from b2b.admin import DocumentAdmin, ReadOnlyAdmin, ReadOnlyInline
from suppliers import models


class IdentifierInline(ReadOnlyInline):
    model = models.Identifier


@admin.register(models.SupplierProfile)
class SupplierProfileAdmin(DocumentAdmin):
    inlines = [IdentifierInline]


@admin.register(models.BankAccount)
class BankAccountAdmin(DocumentAdmin):
    list_display = (*DocumentAdmin.list_display, "supplier", "usable_from")
    list_select_related = (*DocumentAdmin.list_select_related, "supplier")
    exclude = ("sealed_account",)


@admin.register(models.Qualification)
class QualificationAdmin(DocumentAdmin):
    list_display = (*DocumentAdmin.list_display, "supplier", "buyer", "category", "valid_until")
    list_select_related = (*DocumentAdmin.list_select_related, "supplier", "buyer", "category")


@admin.register(models.Product)
class ProductAdmin(DocumentAdmin):
    list_display = (*DocumentAdmin.list_display, "supplier", "category")
    list_select_related = (*DocumentAdmin.list_select_related, "supplier", "category")
    exclude = ("search",)


@admin.register(models.PriceList)
class PriceListAdmin(DocumentAdmin):
    list_display = (*DocumentAdmin.list_display, "supplier", "currency", "valid_from", "valid_until")
    list_select_related = (*DocumentAdmin.list_select_related, "supplier")


@admin.register(models.Price)
class PriceAdmin(ReadOnlyAdmin):
    list_display = ("price_list", "product", "min_quantity", "unit_price", "valid_from", "valid_until")
    list_select_related = ("price_list", "product")
    raw_id_fields = ("price_list", "product")


@admin.register(models.Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("supplier", "kind", "issuer", "valid_until")
    list_filter = ("kind",)
    list_select_related = ("supplier",)


@admin.register(models.ScoreFact)
class ScoreFactAdmin(ReadOnlyAdmin):
    list_display = ("supplier", "component", "mark", "happened_on", "source", "line")
    list_filter = ("component",)
    list_select_related = ("supplier",)


@admin.register(models.Score)
class ScoreAdmin(ReadOnlyAdmin):
    list_display = ("supplier", "buyer", "total", "band", "as_of")
    list_filter = ("band",)
    list_select_related = ("supplier", "buyer")


@admin.register(models.Category, models.Attribute, models.DocumentRequirement, models.ScorePolicy)
class ReferenceAdmin(ReadOnlyAdmin):
    list_display = ("__str__",)
