from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.models.organisation import Organisation


class NumberSeries(models.Model):
    """How far one organisation has counted in one series and year; see ``b2b.numbering``."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="number_series", verbose_name=_("organisation")
    )
    series = models.CharField(_("series"), max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number given"))

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["organisation", "series", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.last}"
