from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotationsConfig(AppConfig):
    name = "quotations"
    verbose_name = _("Quotations")

    def ready(self) -> None:
        from b2b.clockwork import every  # noqa: PLC0415 — the models are ready only now
        from b2b.gates import gate  # noqa: PLC0415
        from b2b.readers import read_through  # noqa: PLC0415
        from procurement.workflow.answers import count_with  # noqa: PLC0415
        from quotations import due, hearing, news, opening  # noqa: F401, PLC0415 — two declare by being imported
        from quotations.models import Objection, Question  # noqa: PLC0415

        count_with(opening.submitted_counts)
        gate("procurement.requestforquotation", "open_bids")(opening.everybody_consented)
        gate("procurement.requestforquotation", "close")(opening.no_open_question)
        every(due.to_lapse, step="lapse")
        every(due.due_to_open, step="open")
        every(due.due_to_confirm, step="confirm")
        every(due.to_expire, step="expire")
        # No files hang on quotations: they could tell a price before the opening.
        for document in (Question, Objection):
            read_through(document)
