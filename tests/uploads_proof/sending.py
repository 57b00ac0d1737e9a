"""One person who sends a file, answers what is asked about its columns, and looks at the review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.base import ContentFile

from b2b.policy import Actor
from b2b.uploads.mapping import proposals
from b2b.uploads.models import Upload
from b2b.uploads.starting import bring, choose_columns
from b2b.uploads.surveying import tables_of
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member

OF_SUPPLIERS = frozenset({"catalogue", "prices", "stock"})


class Sending:
    """``columns`` answers every question: sheet column to place, as a person confirms it after a look at the table."""

    def __init__(
        self, code: str, do_jobs: Callable[[], int], *, actor: Actor | None = None, target: Any = None
    ) -> None:
        self.code, self.do_jobs, self.target = code, do_jobs, target
        self.actor = actor or keeper_of(code)

    def file(self, content: bytes, name: str, **options: Any) -> Upload:
        target_id = self.target.pk if self.target is not None else None
        file = ContentFile(content, name=name)
        return self._read(bring(file, format=self.code, actor=self.actor, target_id=target_id, **options))

    def confirm(self, upload: Upload, columns: Mapping[str, int], **layout: Any) -> Upload:
        said = {"include_hidden_rows": False, "constants": {}, **layout, "columns": dict(columns)}
        return self._read(choose_columns(upload, said, actor=self.actor, expected_version=None))

    def _read(self, upload: Upload) -> Upload:
        self.do_jobs()
        return Upload.objects.get(pk=upload.pk)


def keeper_of(code: str) -> Actor:
    if code in OF_SUPPLIERS:
        return member(SupplierFactory(), "sales")
    roles = ("buyer", "requester", "receiver", "admin", "buying_manager")
    return member(OrganisationFactory(is_buyer=True), *roles)


def fault_codes(upload: Upload) -> Counter[str]:
    """How often each fault stands in the review."""
    rows = upload.rows.filter(outcome="faulty").values_list("faults", flat=True)
    return Counter(fault["code"] for faults in rows for fault in faults)


def conversions(upload: Upload) -> Counter[str]:
    """How many cells of each column were understood otherwise than written, by heading."""
    rows = upload.rows.filter(conversions__isnull=False).values_list("conversions", flat=True)
    return Counter(one["heading"] for told in rows for one in told)


def left_out(upload: Upload) -> dict[int, str]:
    """Rows that were taken for no data, and why."""
    return dict(upload.rows.filter(outcome="left_out").order_by("number").values_list("number", "remark"))


def questions(upload: Upload) -> list[str]:
    """What is asked about the columns of the likeliest table."""
    return [question.code for question in proposals(upload, tables_of(upload))[0].questions]
