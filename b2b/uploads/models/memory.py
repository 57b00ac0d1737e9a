from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from b2b.models import Organisation


class HeadingMemory(models.Model):
    """How an organisation said a layout of headings is to be read; the next file that looks the same is not asked."""

    id = KeyField()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("organisation"))
    format = models.CharField(_("format"), max_length=40)
    fingerprint = models.CharField(max_length=64, editable=False)
    layout = models.JSONField(_("columns"))
    remembered_at = models.DateTimeField(_("remembered at"), auto_now=True)

    class Meta:
        verbose_name = _("remembered headings")
        verbose_name_plural = _("remembered headings")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "format", "fingerprint"], name="headings_remembered_once")
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.fingerprint[:8]}"
