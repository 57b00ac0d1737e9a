from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class B2BConfig(AppConfig):
    name = "b2b"
    verbose_name = _("Platform")

    def ready(self) -> None:
        from b2b import checks, garbage  # noqa: F401, PLC0415  — registers the system checks

        garbage.leave_out_what_is_loaded()
