from rest_framework.routers import BaseRouter

from procurement.api.invoice import InvoiceViewSet
from procurement.api.procurement_policy import ProcurementPolicyViewSet
from procurement.api.purchase_order import PurchaseOrderViewSet
from procurement.api.receipt import GoodsReceiptViewSet
from procurement.api.requisition import RequisitionViewSet
from procurement.api.rfq import RFQViewSet


def routes(router: BaseRouter) -> None:
    router.register("procurement-policies", ProcurementPolicyViewSet, basename="procurement-policy")
    router.register("requisitions", RequisitionViewSet, basename="requisition")
    router.register("rfqs", RFQViewSet, basename="rfq")
    router.register("purchase-orders", PurchaseOrderViewSet, basename="purchase-order")
    router.register("receipts", GoodsReceiptViewSet, basename="receipt")
    router.register("invoices", InvoiceViewSet, basename="invoice")
