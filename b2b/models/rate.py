"""Published exchange rates, as their publisher gave them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import CurrencyField


class ExchangeRate(models.Model):
    """On ``day``, one ``base`` bought ``rate`` of ``quote``, says ``source``."""

    source = models.CharField(_("source"), max_length=16)
    day = models.DateField(_("day"))
    base = CurrencyField(_("base currency"))
    quote = CurrencyField(_("quoted currency"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            # The day before the quote: what is in force is read over a few days, for all currencies at once.
            models.UniqueConstraint(fields=["source", "base", "day", "quote"], name="rate_once_per_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_positive"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="rate_between_two_currencies"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.base}/{self.quote} {self.rate} ({self.source})"
