"""Procurement's documents in the admin site: looking is all there is."""

from __future__ import annotations

from django.contrib import admin

from b2b.admin import DocumentAdmin, ReadOnlyInline
from procurement import models


class RFQLineInline(ReadOnlyInline):
    model = models.RFQLine


class InvitationInline(ReadOnlyInline):
    model = models.Invitation


class CriterionInline(ReadOnlyInline):
    model = models.Criterion


class RequisitionLineInline(ReadOnlyInline):
    model = models.RequisitionLine


class PurchaseOrderLineInline(ReadOnlyInline):
    model = models.PurchaseOrderLine


class OrderApprovalInline(ReadOnlyInline):
    model = models.OrderApproval


class OrderChangeInline(ReadOnlyInline):
    model = models.OrderChange


class OrderPrintInline(ReadOnlyInline):
    model = models.OrderPrint


class GoodsReceiptLineInline(ReadOnlyInline):
    model = models.GoodsReceiptLine


class InvoiceLineInline(ReadOnlyInline):
    model = models.InvoiceLine


class MatchResultInline(ReadOnlyInline):
    model = models.MatchResult


class InvoicePaymentInline(ReadOnlyInline):
    model = models.InvoicePayment


@admin.register(models.RequestForQuotation)
class RFQAdmin(DocumentAdmin):
    inlines = (RFQLineInline, InvitationInline, CriterionInline)
    search_fields = ("number", "title", "buyer__name")


@admin.register(models.Requisition)
class RequisitionAdmin(DocumentAdmin):
    inlines = (RequisitionLineInline,)
    search_fields = ("number", "title", "buyer__name")


@admin.register(models.PurchaseOrder)
class PurchaseOrderAdmin(DocumentAdmin):
    inlines = (PurchaseOrderLineInline, OrderApprovalInline, OrderChangeInline, OrderPrintInline)
    search_fields = ("number", "title", "buyer__name", "supplier__name")


@admin.register(models.GoodsReceipt)
class GoodsReceiptAdmin(DocumentAdmin):
    inlines = (GoodsReceiptLineInline,)
    search_fields = ("number", "order__number", "supplier__name")


@admin.register(models.Invoice)
class InvoiceAdmin(DocumentAdmin):
    inlines = (InvoiceLineInline, MatchResultInline, InvoicePaymentInline)
    search_fields = ("number", "order__number", "supplier__name")


@admin.register(models.ProcurementPolicy)
class ProcurementPolicyAdmin(DocumentAdmin):
    search_fields = ("buyer__name",)
