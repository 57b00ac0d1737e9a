from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DELIVERY_FACT = (
    "supplier_id",
    "buyer_id",
    "order_id",
    "order_number",
    "receipt_id",
    "line",
    "promised_on",
    "received_on",
    "ordered",
    "received",
    "rejected",
    "final",
)
"""What scoring hears of each line that came, or that was promised and never will."""


class ProcurementConfig(AppConfig):
    name = "procurement"
    verbose_name = _("Procurement")

    def ready(self) -> None:
        from b2b import readers  # noqa: PLC0415 — models exist only now
        from b2b.clockwork import every  # noqa: PLC0415
        from b2b.events import event  # noqa: PLC0415
        from procurement import models  # noqa: PLC0415
        from procurement.queries import due  # noqa: PLC0415

        event("scoring.delivery", *DELIVERY_FACT)
        every(due.rfqs_to_close, step="close")
        every(due.rfqs_to_fail, step="fail")
        every(due.orders_to_hold, step="hold")
        every(due.orders_to_release, step="release")
        every(due.orders_to_close, step="close")
        for document in (models.RequestForQuotation, models.PurchaseOrder, models.GoodsReceipt, models.Invoice):
            readers.read_through(document)
