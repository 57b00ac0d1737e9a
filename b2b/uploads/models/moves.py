from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.uploads.models.upload import Upload

if TYPE_CHECKING:
    from b2b.policy import Actor


class VersionMovesQuerySet(models.QuerySet["VersionMoves"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see the upload."""
        return self.filter(upload__in=Upload.objects.visible_to(actor))


class VersionMoves(models.Model):
    """How often rows that are not there any more moved a document's version: ``UploadRow.bumps``, kept for the journal.

    A row goes when its cell is mended, when another file takes its file's place, and when it is forgotten.
    """

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(
        Upload, models.CASCADE, related_name="version_moves", verbose_name=_("upload"), db_index=False
    )
    document_id = models.UUIDField(editable=False)
    moves = models.PositiveIntegerField(editable=False)

    objects = VersionMovesQuerySet.as_manager()

    class Meta:
        verbose_name = _("versions an upload moved")
        verbose_name_plural = _("versions uploads moved")
        constraints = [
            models.UniqueConstraint(fields=["upload", "document_id"], name="upload_moves_once"),
            models.CheckConstraint(name="upload_moves_something", condition=Q(moves__gt=0)),
        ]
        indexes = [models.Index(fields=["document_id"], name="upload_moves_document")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.moves}"
