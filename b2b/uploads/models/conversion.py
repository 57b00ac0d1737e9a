from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.uploads.conversions import nature_of
from b2b.uploads.models.upload import Upload
from b2b.uploads.secrecy import SentencesField

if TYPE_CHECKING:
    from b2b.policy import Actor


class ConversionCountQuerySet(models.QuerySet["ConversionCount"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see the upload."""
        return self.filter(upload__in=Upload.objects.visible_to(actor))


class ConversionCount(models.Model):
    """How many rows of an upload have a kind of conversion in a column, with the first as the example.

    Counted with the rows as they are kept and mended (``b2b.uploads.conversions``): a million of them say nothing
    quickly. Sealed uploads have none.
    """

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(
        Upload, models.CASCADE, related_name="conversion_counts", verbose_name=_("upload"), db_index=False
    )
    column = models.PositiveIntegerField(_("column"))
    """From 1; 0 for what stands in no column of the file."""
    kind = models.CharField(_("kind"), max_length=80)
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    shown = models.CharField(_("as written"), max_length=200, blank=True)
    taken: Any = SentencesField(_("as read"))
    rows = models.PositiveIntegerField(_("rows"))
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    """No row after this one, nor before the first, has it; they may be wider apart than the rows that are left."""

    objects = ConversionCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversions of an upload")
        verbose_name_plural = _("conversions of uploads")
        ordering = ["-rows", "column", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "column", "kind"], name="upload_conversion_kind_once"),
            models.CheckConstraint(name="upload_conversion_counts_rows", condition=Q(rows__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.heading}: {self.kind}"

    @property
    def nature(self) -> str:
        return nature_of(self.kind)
