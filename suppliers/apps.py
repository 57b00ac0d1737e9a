from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    name = "suppliers"
    verbose_name = _("Suppliers")

    def ready(self) -> None:
        from b2b import readers  # noqa: PLC0415 — models exist only now
        from b2b.clockwork import every  # noqa: PLC0415
        from suppliers import models  # noqa: PLC0415
        from suppliers.queries import due  # noqa: PLC0415
        from suppliers.scoring import hearing  # noqa: F401, PLC0415 — subscribes

        every(due.qualifications_to_notify, step="notice")
        every(due.qualifications_to_expire, step="expire")
        every(due.qualifications_to_resume, step="resume")
        every(due.products_to_delist, step="delist")
        for readable in (models.Qualification, models.Product, models.Certificate):
            readers.read_through(readable)
