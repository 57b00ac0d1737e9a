from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UploadsConfig(AppConfig):
    name = "b2b.uploads"
    verbose_name = _("Uploads")

    def ready(self) -> None:
        from b2b.clockwork import every  # noqa: PLC0415
        from b2b.journal import verification  # noqa: PLC0415 — models exist only now
        from b2b.uploads import changes, formats  # noqa: PLC0415
        from b2b.uploads.queries import due  # noqa: PLC0415
        from b2b.workflow import duties  # noqa: PLC0415

        formats.discover()
        every(due.uploads_given_up, step="fail")
        every(due.applying_broken_off, step="recall")
        every(due.undoing_broken_off, step="resume")
        duties.also_edited_by(changes.applied)
        verification.also_counted_by(changes.counts)
        verification.also_verified_by(changes.rewritten)
