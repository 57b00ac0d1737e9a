from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from b2b import readers
from b2b.fields import KeyField
from b2b.models.organisation import Organisation
from b2b.models.user import User

if TYPE_CHECKING:
    from b2b.policy import Actor
    from b2b.workflow import Document


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Uploads of one's own organisation while loose; once attached, whoever may read the document."""
        if actor.organisation_id is None:
            return self.none()
        loose = Q(document_id=None, organisation_id=actor.organisation_id)
        attached = (
            Q(document_type=document_type, document_id__in=readable(actor).values("pk"))
            for document_type, readable in readers.registered()
        )
        return self.filter(reduce(or_, attached, loose))

    def of(self, document: Document) -> Self:
        """The files of one document, first attached first."""
        return self.filter(document_type=document._meta.label_lower, document_id=document.pk).order_by("id")


class Attachment(models.Model):
    """One upload: who brought which content under which name. The content lies in the storage by its SHA-256."""

    id = KeyField()
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="attachments", verbose_name=_("organisation")
    )
    document_type = models.CharField(max_length=60, blank=True, editable=False)
    document_id = models.UUIDField(null=True, editable=False)
    name = models.CharField(_("file name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="attachments", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded at"), db_default=Now())

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="attachment_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="attachment_names_its_document",
                condition=Q(document_type="", document_id=None) | (~Q(document_type="") & Q(document_id__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["document_id"], name="attachment_of_document"),
            models.Index(fields=["organisation", "id"], name="attachment_of_organisation"),
        ]

    def __str__(self) -> str:
        return self.name
