from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcurementConfig(AppConfig):
    name = "procurement"
    verbose_name = _("Procurement")

    def ready(self) -> None:
        from b2b import readers  # noqa: PLC0415 — models exist only now
        from b2b.clockwork import every  # noqa: PLC0415
        from procurement import models  # noqa: PLC0415
        from procurement.queries import due  # noqa: PLC0415

        every(due.rfqs_to_close, step="close")
        every(due.rfqs_to_fail, step="fail", among=due.rfqs_closed)
        every(due.orders_to_hold, step="hold")
        every(due.orders_to_release, step="release")
        every(due.orders_to_close, step="close")
        for document in (models.RequestForQuotation, models.PurchaseOrder, models.GoodsReceipt, models.Invoice):
            readers.read_through(document)
