"""Bringing a table: the file is kept by its hash, the upload created, and a worker called."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext

from b2b import contents
from b2b.attachments import FileTooLarge
from b2b.currency import UnknownCurrency
from b2b.currency import currency as currency_of
from b2b.errors import Fault, Invalid, NotAllowed, NotFound
from b2b.file_names import safe_name
from b2b.policy import Actor
from b2b.uploads.formats import format_of
from b2b.uploads.mapping import confirmed, remember
from b2b.uploads.models import Upload
from b2b.uploads.policy import require_scope
from b2b.uploads.secrecy import keep_sealed
from b2b.uploads.surveying import table_of, tables_of
from b2b.workflow import create

PASTED = "pasted.tsv"


def bring(
    file: File[bytes],
    *,
    format: str,  # noqa: A002 — what it is called everywhere
    actor: Actor,
    target_id: UUID | None = None,
    currency: str = "",
) -> Upload:
    """Keep the file and have it read. Raises ``UnknownFormat``, ``NotAllowed``, ``NotFound`` or ``FileTooLarge``."""
    with transaction.atomic():
        upload = kept_upload(file, format=format, actor=actor, target_id=target_id, currency=currency)
        upload.start("uploads.read", actor)
        upload.save(update_fields=["job"])
        return upload


def kept_upload(
    file: File[bytes],
    *,
    format: str,  # noqa: A002
    actor: Actor,
    target_id: UUID | None = None,
    currency: str = "",
) -> Upload:
    """The same without calling a worker; inside the caller's transaction."""
    upload = Upload(
        organisation_id=actor.acts_for, format=format, target_id=target_id, currency=currency, filename="", size=0
    )
    _may_bring(upload, actor)
    if currency:
        _require_currency(currency)
    upload.filename, upload.sha256, upload.size = _kept(upload, file)
    return create(upload, actor=actor)


def pasted(text: str) -> File[bytes]:
    """A range copied from a spreadsheet program: cells between tabs, one row a line."""
    return ContentFile(text.encode(), name=PASTED)


def send_again(upload: Upload, file: File[bytes], *, actor: Actor, expected_version: int | None) -> Upload:
    """Let a mended file take the place of the one before, in the same review."""
    with transaction.atomic():
        filename, sha256, size = _kept(upload, file)
        upload.replace_file(actor=actor, expected_version=expected_version, filename=filename, sha256=sha256, size=size)
    return upload


def choose_columns(upload: Upload, sent: dict[str, object], *, actor: Actor, expected_version: int | None) -> Upload:
    """Read the file as a person says, and remember that for the next one. Raises ``Invalid``."""
    with transaction.atomic():
        layout = confirmed(upload, sent, tables_of(upload))
        upload.confirm_mapping(actor=actor, expected_version=expected_version, layout=layout.to_json())
        if (table := table_of(upload, layout.table)) is not None:
            remember(upload, layout, table)
    return upload


def _may_bring(upload: Upload, actor: Actor) -> None:
    declared = format_of(upload.format)
    require_scope(declared, actor, "write")
    if not declared.by(actor, upload):
        raise NotAllowed(gettext("This kind of table is kept by: %(who)s.") % {"who": declared.by.name})
    if declared.target is None:
        if upload.target_id is not None:
            raise Invalid(faults=[_no_target()])
        return
    if upload.target_id is None and not declared.target_required:
        return
    visible = declared.target._default_manager.visible_to(actor)  # type: ignore[attr-defined]
    target = visible.filter(pk=upload.target_id).first()
    if target is None:
        raise NotFound
    declared.check_target(target, actor)


def _require_currency(code: str) -> None:
    try:
        currency_of(code)
    except UnknownCurrency as unknown:
        raise Invalid(faults=[Fault("#/currency", "unknown-currency", str(unknown))]) from None


def _no_target() -> Fault:
    return Fault("#/target", "no-target", gettext("This kind of table goes into no document. Leave it out."))


def _kept(upload: Upload, file: File[bytes]) -> tuple[str, str, int]:
    """Name, hash and size of a content, kept. Raises ``FileTooLarge``."""
    if file.size > settings.SHEET_LIMIT_BYTES:
        megabytes = settings.SHEET_LIMIT_BYTES // 1024 // 1024
        raise FileTooLarge(gettext("A table may have up to %(megabytes)s MB.") % {"megabytes": megabytes})
    sha256 = keep_sealed(file) if upload.is_sealed else contents.keep(file)
    return safe_name(file.name or ""), sha256, file.size
