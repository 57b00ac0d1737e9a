"""Quotations, openings and awards, to look at. Sealed versions are not registered: nothing here unseals."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from b2b.admin import DocumentAdmin, ReadOnlyAdmin, ReadOnlyInline
from quotations import models


class QuotationLineInline(ReadOnlyInline):
    """Exists after the opening only."""

    model = models.QuotationLine
    raw_id_fields = ("rfq_line",)


@admin.register(models.Quotation)
class QuotationAdmin(DocumentAdmin):
    list_display = (*DocumentAdmin.list_display, "rfq", "supplier", "submitted_at")
    list_select_related = (*DocumentAdmin.list_select_related, "rfq", "supplier")
    inlines: ClassVar = [QuotationLineInline]


class ConsentInline(ReadOnlyInline):
    model = models.OpeningConsent


class MinuteInline(ReadOnlyInline):
    model = models.OpeningMinute


@admin.register(models.BidOpening)
class BidOpeningAdmin(DocumentAdmin):
    list_display = (*DocumentAdmin.list_display, "rfq", "opened_at")
    list_select_related = (*DocumentAdmin.list_select_related, "rfq")
    inlines: ClassVar = [ConsentInline, MinuteInline]


class AwardLineInline(ReadOnlyInline):
    model = models.AwardLine


@admin.register(models.Award)
class AwardAdmin(DocumentAdmin):
    list_display = (*DocumentAdmin.list_display, "rfq", "total", "currency")
    list_select_related = (*DocumentAdmin.list_select_related, "rfq")
    inlines: ClassVar = [AwardLineInline]


@admin.register(models.Question, models.Objection)
class AskedAdmin(DocumentAdmin):
    list_display = (*DocumentAdmin.list_display, "buyer", "supplier")
    list_select_related = (*DocumentAdmin.list_select_related, "buyer", "supplier")


@admin.register(models.RecordedTabulation)
class RecordedTabulationAdmin(ReadOnlyAdmin):
    list_display = ("reference", "file_name", "rfq", "recorded_at")
    search_fields = ("reference", "file_name")
    list_select_related = ("rfq",)
