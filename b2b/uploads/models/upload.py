from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b import contents
from b2b.fields import CurrencyField
from b2b.jobs import repeat_job, start_job
from b2b.models import Job, Organisation, User
from b2b.uploads.formats import format_of
from b2b.uploads.policy import readable_formats, uploader
from b2b.uploads.secrecy import SealableJSONField, SentencesField, open_sealed
from b2b.uploads.workflow.upload import Uploading

if TYPE_CHECKING:
    from b2b.errors import Fault
    from b2b.policy import Actor


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, actor: Actor) -> Self:
        """The organisation's own; to a token, of the kinds of tables its scopes cover."""
        if actor.organisation_id is None:
            return self.none()
        own, codes = self.filter(organisation_id=actor.organisation_id), readable_formats(actor)
        return own if codes is None else own.filter(format__in=codes)

    def same_file(self, upload: Upload) -> Self:
        """Others that brought the same bytes for the same purpose and are in force."""
        same = self.filter(
            organisation_id=upload.organisation_id,
            format=upload.format,
            target_id=upload.target_id,
            sha256=upload.sha256,
            state="applied",
        )
        return same.exclude(pk=upload.pk)


class Upload(Uploading):
    """A table somebody brought, and how far it is. What it says lies in its rows."""

    FINAL: ClassVar = ("undone", "cancelled")
    editable_by = uploader
    editable_in = ("reviewed",)
    UNTOLD: ClassVar = frozenset({"survey", "basis", "job", "counts", "applied_through", "forgotten_at"})

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="uploads", verbose_name=_("organisation")
    )
    format = models.CharField(_("format"), max_length=40)
    target_id = models.UUIDField(_("goes into"), null=True, blank=True)
    """The document the rows go into, for formats that need one."""
    filename = models.CharField(_("file name"), max_length=150)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    currency = CurrencyField(_("currency"), blank=True)
    """What prices without a currency of their own are in."""

    survey: Any = SealableJSONField(null=True, editable=False)
    """What was found in the file: tables, how their columns may be read, notes (``b2b.uploads.surveying``)."""
    layout: Any = models.JSONField(_("columns"), null=True, editable=False)
    """How the table is read, once that is sure or confirmed; ``b2b.sheets.layout.Layout`` as JSON."""
    counts: Any = models.JSONField(_("rows by outcome"), default=dict, editable=False)
    missing_count = models.PositiveIntegerField(_("missing from the file"), default=0, editable=False)
    faulty_count = models.PositiveIntegerField(_("faulty"), default=0, editable=False)
    mended_count = models.PositiveIntegerField(_("cells mended here"), default=0, editable=False)
    options: Any = models.JSONField(_("options"), default=dict, editable=False)
    problem: Any = SentencesField(_("problem"), null=True, editable=False)
    """Why it was rejected, failed or given back: ``code``, ``title``, ``detail``, ``faults``."""
    basis: Any = models.JSONField(null=True, editable=False)
    """What a format keeps between review and undo, such as the lines a document had before."""
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("work in progress")
    )
    applied_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("applied by")
    )
    applied_through = models.IntegerField(default=-1, editable=False)
    """The last row that is applied; -1 where none is."""

    forgotten_at = models.DateTimeField(null=True, editable=False)
    """When the rows that changed nothing, or nothing that stands, were deleted; ``b2b.uploads.forgetting``."""

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="upload_in_force_only_when_applied",
                condition=Q(applied_through=-1) | Q(state__in=["applying", "stopping", "applied", "undoing"]),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="upload_of_organisation"),
            models.Index(fields=["organisation", "format", "sha256"], name="upload_same_file"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_sealed(self) -> bool:
        """Whether what it says is kept encrypted."""
        return format_of(self.format).sealed

    def content(self) -> bytes:
        """The file as it was sent. Raises ``ContentDamaged`` or ``SealBroken``."""
        if self.is_sealed:
            return open_sealed(self.sha256)
        with contents.open_verified(self.sha256) as file:
            return bytes(file.read())

    def changes_count(self) -> int:
        return int(self.counts.get("new", 0)) + int(self.counts.get("changed", 0))

    def dependents(self) -> Iterable[Fault]:
        """What later came to rest on the changes, so that they cannot be undone."""
        return format_of(self.format).session(self).dependents()

    def start(self, kind: str, actor: Actor) -> None:
        """Call a worker for the next part of the work."""
        self.job = start_job(kind, actor, upload_id=str(self.pk))
        self.forgotten_at = None

    def start_again(self) -> None:
        """Call another worker for the part whose job ended without a result."""
        if self.job is not None:
            self.job = repeat_job(self.job)

    def leave_work(self) -> None:
        """Have the worker stop at its next sign of life."""
        Job.objects.filter(pk=self.job_id, ended_at=None).update(cancel_requested=True)

    def is_at_work(self) -> bool:
        """Whether a worker has the upload, or will have it."""
        return self.job is not None and self.job.ended_at is None

    def why_work_ended(self) -> dict[str, Any]:
        """What the job said when it ended without a result."""
        if self.job is not None and self.job.error:
            return dict(self.job.error)
        return {"code": "stopped", "title": gettext("Stopped"), "detail": gettext("Nothing was changed."), "faults": []}

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        """Its rows are not journalled one by one: the entry of ``finish`` carries a digest over all of them."""
        return {}

    if TYPE_CHECKING:
        id: UUID
