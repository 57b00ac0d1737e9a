from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from b2b.policy import Actor

from b2b.uploads.cells import CellDecoder
from b2b.uploads.models.upload import Upload
from b2b.uploads.secrecy import SealableJSONField, SentencesField


class Outcome(models.TextChoices):
    """What a row of a file would do, or did."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    FAULTY = "faulty", _("Faulty")
    LEFT_OUT = "left_out", _("Left out")
    MISSING = "missing", _("Missing from the file")


ACTING = (Outcome.NEW, Outcome.CHANGED, Outcome.MISSING)
"""The outcomes that change something when the upload is applied."""


class UploadRowQuerySet(models.QuerySet["UploadRow"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see the upload."""
        return self.filter(upload__in=Upload.objects.visible_to(actor))

    def acting(self) -> Self:
        return self.filter(outcome__in=ACTING)

    def in_force(self) -> Self:
        """Rows whose change stands in the documents now: of an upload that got as far as the row and was not undone."""
        return self.acting().filter(number__lte=F("upload__applied_through"))


class UploadRow(models.Model):
    """One row of an uploaded table: what it says, and what that changes.

    ``before`` and ``after`` are by database column, in the form of ``b2b.uploads.told``: of a changed thing what
    differs, of a new one all it is made of. A row acts on ``document_id``, the thing it stands for; a new one is
    given its key already in the review.
    """

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(
        Upload, models.CASCADE, related_name="rows", verbose_name=_("upload"),
        db_index=False,  # That a row is there once is an index that begins with the upload already.
    )  # fmt: skip
    number = models.IntegerField(_("row"))
    key = models.CharField(_("key"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    cells: Any = SealableJSONField(_("cells"), default=list, decoder=CellDecoder)
    """As the file has them, from column A; a mended cell as it was mended."""
    before: Any = SealableJSONField(_("before"), null=True)
    after: Any = SealableJSONField(_("after"), null=True)
    faults: Any = SentencesField(_("faults"), null=True)
    conversions: Any = SentencesField(_("conversions"), null=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    """Why a row was left out, or what it was taken for."""
    document_id = models.UUIDField(null=True, editable=False)
    bumps = models.PositiveSmallIntegerField(default=0, editable=False)
    """How often it was applied and taken back again, counted twice: each moved the document's version."""

    objects = UploadRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an upload")
        verbose_name_plural = _("rows of uploads")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="upload_row_once"),
            models.CheckConstraint(
                name="upload_row_faulty_says_why",
                condition=~Q(outcome="faulty") | Q(faults__isnull=False),
            ),
            models.CheckConstraint(
                name="upload_row_changed_says_what",
                condition=~Q(outcome="changed") | Q(before__isnull=False, after__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["upload", "outcome", "number"], name="upload_row_outcome"),
            models.Index(
                fields=["document_id"],
                name="upload_row_document",
                condition=Q(outcome__in=["new", "changed", "missing"], document_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
