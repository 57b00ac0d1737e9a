from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditConfig(AppConfig):
    name = "credit"
    verbose_name = _("Credit")

    def ready(self) -> None:
        from b2b.clockwork import every  # noqa: PLC0415 — the models are ready only now
        from credit import due  # noqa: PLC0415

        every(due.increases_ended, step="end_increase")
        every(due.to_watch, step="watch")
        every(due.watched_no_longer, step="unwatch")
