"""Files people bring: checked, kept once by their SHA-256, and read only by who may read the document."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b import contents, readers
from b2b.errors import DomainError, NotAllowed, NotFound
from b2b.file_names import safe_name
from b2b.file_types import sniff
from b2b.models.attachment import Attachment
from b2b.policy import Actor

if TYPE_CHECKING:
    from django.db.models import Model

MEGABYTE = 1024 * 1024


class FileTooLarge(DomainError):
    status, code, title = 413, "file-too-large", _("The file is too large.")


class EmptyFile(DomainError):
    status, code, title = 422, "empty-file", _("The file is empty.")


class AlreadyAttached(DomainError):
    code, title = "already-attached", _("The file already belongs to another document.")


def store(file: File[bytes], actor: Actor) -> Attachment:
    """Check an upload and keep it for the actor's organisation, not yet attached to anything.

    Raises ``FileTooLarge``, ``EmptyFile``, ``FileTypeRefused`` or ``NameMismatch``; then nothing is kept.
    """
    if actor.organisation_id is None:
        raise NotAllowed
    _fitting(file.size)
    name = safe_name(file.name or "")
    media_type = sniff(file, PurePosixPath(name).suffix)
    with transaction.atomic():
        return Attachment.objects.create(
            organisation_id=actor.organisation_id,
            uploaded_by_id=actor.user_id,
            name=name,
            size=file.size,
            media_type=media_type,
            sha256=contents.keep(file),
        )


def _fitting(size: int) -> None:
    if size == 0:
        raise EmptyFile
    if size > settings.UPLOAD_LIMIT_BYTES:
        megabytes = number_format(settings.UPLOAD_LIMIT_BYTES / MEGABYTE, decimal_pos=0)
        raise FileTooLarge(gettext("A file may have up to %(megabytes)s MB.") % {"megabytes": megabytes})


def attach(attachment_id: UUID, document: Model, *, actor: Actor) -> Attachment:
    """Give a loose upload of the actor's organisation to a document, or another row people read, for good.

    Whether the actor may add to the document is the caller's question. Attaching again to the same
    document changes nothing. Raises ``NotFound`` or ``AlreadyAttached``.
    """
    document_type = document._meta.label_lower
    if not readers.is_registered(document_type):
        raise LookupError(f"{document_type} does not say who may read its files.")
    with transaction.atomic():
        visible = Attachment.objects.visible_to(actor).filter(organisation=actor.organisation_id)
        attachment = visible.select_for_update(of=("self",)).filter(pk=attachment_id).first()
        if attachment is None:
            raise NotFound
        if attachment.document_id not in {None, document.pk}:
            raise AlreadyAttached
        attachment.document_type, attachment.document_id = document_type, document.pk
        attachment.save(update_fields=["document_type", "document_id"])
    return attachment


def open_attachment(attachment_id: UUID, actor: Actor) -> tuple[Attachment, File[Any]]:
    """A file the actor may read, and its content, verified against its SHA-256.

    Raises ``NotFound``, or ``contents.ContentDamaged`` when the storage does not hold what was kept.
    """
    attachment = Attachment.objects.visible_to(actor).filter(pk=attachment_id).first()
    if attachment is None:
        raise NotFound
    return attachment, contents.open_verified(attachment.sha256)
