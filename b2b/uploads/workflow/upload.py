"""An uploaded table, from the file to what it changed.

uploaded ──begin──▶ reading ──ask──▶ needs_mapping ──confirm_mapping──▶ reading
reading ──present──▶ reviewed ──apply──▶ applying ──finish──▶ applied ──undo──▶ undoing ──restore──▶ undone
reviewed ──confirm_mapping──▶ reading; needs_mapping, reviewed, rejected, failed ──replace_file──▶ reading
reading ──refuse──▶ rejected; uploaded, reading ──fail──▶ failed
applying ──stop──▶ stopping; applying, stopping ──give_back──▶ reviewed, with nothing of it applied
undoing ──keep──▶ applied, with nothing of it undone
applying, stopping ──recall──▶ stopping; undoing ──resume──▶ undoing: another worker is called where one gave up
uploaded, reading, needs_mapping, reviewed, rejected, failed ──cancel──▶ cancelled
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from b2b.errors import Blocked, Fault
from b2b.policy import Actor, clock
from b2b.uploads.formats import format_of
from b2b.uploads.policy import uploader
from b2b.workflow import Document, StateField, step

_ = gettext_lazy


def something_to_do(upload: Uploading) -> Fault | None:
    return None if upload.changes_count() or upload.missing_count else _nothing_to_do()


def _nothing_to_do() -> Fault:
    detail = gettext("The table changes nothing: every row is as the platform has it already, or has a fault.")
    return Fault("#/counts", "nothing-to-apply", detail)


def nothing_depends_on_it(upload: Uploading) -> Iterable[Fault]:
    return upload.dependents()


class Uploading(Document):
    """The fields the steps write, and the steps."""

    state = StateField(
        _("state"),
        default="uploaded",
        choices=[
            ("uploaded", _("Uploaded")),
            ("reading", _("Being read")),
            ("needs_mapping", _("Waits for the columns")),
            ("reviewed", _("Reviewed")),
            ("applying", _("Being applied")),
            ("stopping", _("Being stopped")),
            ("applied", _("Applied")),
            ("undoing", _("Being undone")),
            ("undone", _("Undone")),
            ("rejected", pgettext_lazy("upload", "Rejected")),
            ("failed", _("Failed")),
            ("cancelled", _("Cancelled")),
        ],
    )

    if TYPE_CHECKING:
        organisation_id: UUID
        format: str
        filename: str
        sha256: str
        size: int
        layout: dict[str, Any] | None
        problem: dict[str, Any] | None
        options: dict[str, Any]
        missing_count: int
        faulty_count: int
        applied_by_id: UUID | None

        def changes_count(self) -> int: ...

        def dependents(self) -> Iterable[Fault]: ...

        def start(self, kind: str, actor: Actor) -> None: ...

        def start_again(self) -> None: ...

        def leave_work(self) -> None: ...

        def is_at_work(self) -> bool: ...

        def why_work_ended(self) -> dict[str, Any]: ...

    class Meta:
        abstract = True

    # --- What the worker does -----------------------------------------------------------------------
    @step(["uploaded", "reading"], "reading", by=clock, label=_("Begin to read"))
    def begin(self, *, actor: Actor) -> None:
        self.problem = None

    @step("reading", "needs_mapping", by=clock, label=_("Ask for the columns"))
    def ask(self, *, actor: Actor) -> None: ...

    @step("reading", "reviewed", by=clock, label=_("Present the review"))
    def present(self, *, actor: Actor) -> None: ...

    @step("reading", "rejected", by=clock, label=_("Refuse the file"))
    def refuse(self, *, actor: Actor, problem: Mapping[str, Any]) -> None:
        self.problem = dict(problem)

    @step(["uploaded", "reading"], "failed", by=clock, label=_("Give up"))
    def fail(self, *, actor: Actor) -> None:
        self.problem = self.why_work_ended()

    @step("applying", "applied", by=clock, label=_("Finish"))
    def finish(self, *, actor: Actor, digest: str, counts: Mapping[str, int]) -> None:
        """``digest`` is the SHA-256 over every change it made; the journal keeps it."""
        self.problem = None

    @step(["applying", "stopping"], "reviewed", by=clock, label=_("Give back unapplied"))
    def give_back(self, *, actor: Actor, problem: Mapping[str, Any]) -> None:
        self.problem = dict(problem)

    @step("undoing", "undone", by=clock, label=_("Finish undoing"))
    def restore(self, *, actor: Actor, problem: Mapping[str, Any] | None = None) -> None:
        """``problem`` says which rows stay as they are, as somebody changed or used them while it was undone."""
        self.problem = dict(problem) if problem else None

    @step("undoing", "applied", by=clock, label=_("Keep as applied"))
    def keep(self, *, actor: Actor, problem: Mapping[str, Any]) -> None:
        self.problem = dict(problem)

    @step(["applying", "stopping"], "stopping", by=clock, label=_("Take back what was broken off"))
    def recall(self, *, actor: Actor) -> None:
        """Its job ended in the middle: another worker takes back what came into force."""
        if self.state == "applying":
            self.problem = self.why_work_ended()
        self.start_again()

    @step("undoing", "undoing", by=clock, label=_("Go on undoing"))
    def resume(self, *, actor: Actor) -> None:
        """The same, where the job was to undo."""
        self.start_again()

    # --- What people do -----------------------------------------------------------------------------
    @step(["needs_mapping", "reviewed"], "reading", by=uploader, label=_("Confirm the columns"))
    def confirm_mapping(self, *, actor: Actor, layout: Mapping[str, Any]) -> None:
        self.layout = dict(layout)
        self.problem = None
        self.start("uploads.read", actor)

    @step(["needs_mapping", "reviewed", "rejected", "failed"], "reading", by=uploader, label=_("Send a mended file"))
    def replace_file(self, *, actor: Actor, filename: str, sha256: str, size: int) -> None:
        self.filename, self.sha256, self.size = filename, sha256, size
        self.problem = None
        self.start("uploads.read", actor)

    @step("reviewed", "applying", by=uploader, label=pgettext_lazy("upload", "Apply"), requires=[something_to_do])
    def apply(self, *, actor: Actor, only_valid: bool = False, delist_missing: bool = False) -> None:
        """All rows or none; with ``only_valid`` those without a fault, and the others are left out."""
        if self.faulty_count and not only_valid:
            raise Blocked(faults=[_still_faulty(self.faulty_count)])
        if not (self.changes_count() or delist_missing or format_of(self.format).replaces):
            raise Blocked(faults=[_nothing_to_do()])
        self.options = {**self.options, "only_valid": only_valid, "delist_missing": delist_missing}
        self.problem = None
        self.applied_by_id = actor.user_id
        self.start("uploads.apply", actor)

    @step("applying", "stopping", by=uploader, label=_("Stop"))
    def stop(self, *, actor: Actor) -> None:
        if not self.is_at_work():
            self.start("uploads.apply", actor)

    @step("applied", "undoing", by=uploader, label=_("Undo"), requires=[nothing_depends_on_it])
    def undo(self, *, actor: Actor) -> None:
        self.problem = None
        self.start("uploads.undo", actor)

    @step(
        ["uploaded", "reading", "needs_mapping", "reviewed", "rejected", "failed"],
        "cancelled",
        by=uploader,
        label=_("Cancel"),
    )
    def cancel(self, *, actor: Actor) -> None:
        self.leave_work()


def _still_faulty(count: int) -> Fault:
    detail = gettext(
        "%(count)s rows have faults. Mend them and send the file again, or apply only the rows without faults."
    )
    return Fault("#/only_valid", "rows-faulty", detail % {"count": count})
