from procurement.models.invoice import Invoice, InvoiceLine, InvoicePayment, MatchResult
from procurement.models.procurement_policy import ProcurementPolicy, policy_of
from procurement.models.purchase_order import (
    OrderApproval,
    OrderChange,
    OrderChangeLine,
    OrderPrint,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.models.receipt import GoodsReceipt, GoodsReceiptLine
from procurement.models.requisition import Requisition, RequisitionLine
from procurement.models.rfq import Criterion, Invitation, RequestForQuotation, RFQLine

__all__ = [
    "Criterion",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "Invitation",
    "Invoice",
    "InvoiceLine",
    "InvoicePayment",
    "MatchResult",
    "OrderApproval",
    "OrderChange",
    "OrderChangeLine",
    "OrderPrint",
    "ProcurementPolicy",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "RFQLine",
    "RequestForQuotation",
    "Requisition",
    "RequisitionLine",
    "policy_of",
]
