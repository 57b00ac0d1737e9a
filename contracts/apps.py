from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ORDER = "procurement.purchaseorder"


class ContractsConfig(AppConfig):
    name = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        from b2b.clockwork import every  # noqa: PLC0415 — the models are ready only now
        from b2b.gates import gate  # noqa: PLC0415
        from b2b.readers import read_through  # noqa: PLC0415
        from contracts import due, hearing, price_compliance  # noqa: F401, PLC0415 — hearing subscribes
        from contracts.models import Contract  # noqa: PLC0415

        for step in ("submit", "auto_approve", "issue"):
            gate(ORDER, step)(price_compliance.as_contracted)
            gate(ORDER, step)(price_compliance.contract_running)
        gate(ORDER, "accept_change")(price_compliance.change_as_contracted)
        every(due.to_start, step="start")
        every(due.to_end, step="end")
        every(due.due_for_notice, step="notice")
        read_through(Contract)
