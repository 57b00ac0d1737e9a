"""Tables on their way through a review, as a person sends them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.base import ContentFile

from b2b.policy import Actor
from b2b.sheets.exporting import export
from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload
from b2b.uploads.starting import bring
from tests.procurement.workbooks import workbook

Bring = Callable[..., Upload]


class Bringing:
    """Brings a table of one format on behalf of one person and has the workers do what follows."""

    def __init__(self, code: str, actor: Actor, do_jobs: Callable[[], int], target: Any = None) -> None:
        self.code, self.actor, self.do_jobs, self.target = code, actor, do_jobs, target

    def file(self, content: bytes, name: str = "table.xlsx", **options: Any) -> Upload:
        target_id = self.target.pk if self.target is not None else None
        upload = bring(
            ContentFile(content, name=name), format=self.code, actor=self.actor, target_id=target_id, **options
        )
        return self._worked(upload)

    def rows(self, *rows: Sequence[Any], **options: Any) -> Upload:
        return self.file(workbook(*rows).read(), **options)

    def exported(self) -> Upload:
        """What an export says now, sent back unchanged."""
        declared = format_of(self.code)
        rows = declared.rows(organisation_id=self.actor.organisation_id, target=self.target, actor=self.actor)
        return self.file(export(declared.sheet, rows))

    def applied(self, *rows: Sequence[Any], **inputs: Any) -> Upload:
        return self.apply(self.rows(*rows), **inputs)

    def apply(self, upload: Upload, **inputs: Any) -> Upload:
        upload.apply(actor=self.actor, **inputs)
        return self._worked(upload)

    def undo(self, upload: Upload) -> Upload:
        upload.undo(actor=self.actor)
        return self._worked(upload)

    def _worked(self, upload: Upload) -> Upload:
        self.do_jobs()
        return Upload.objects.get(pk=upload.pk)


def outcomes(upload: Upload) -> list[tuple[int, str]]:
    return list(upload.rows.exclude(outcome="left_out").order_by("number").values_list("number", "outcome"))


def faults(upload: Upload) -> list[tuple[int, str, str]]:
    """Row, heading and code."""
    found = upload.rows.filter(outcome="faulty").order_by("number")
    return [(row.number, fault["heading"], fault["code"]) for row in found for fault in row.faults]


def changes(upload: Upload) -> dict[int, dict[str, tuple[Any, Any]]]:
    """By row, what differs: before and after."""
    found = upload.rows.filter(outcome="changed").order_by("number")
    return {row.number: {name: (row.before[name], row.after[name]) for name in row.after} for row in found}
