"""A register of parts as a format, small enough to see what the engine itself promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet

from b2b.policy import Actor, buyer
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Sheet
from b2b.uploads.format import Act, Candidate, Format
from b2b.uploads.formats import register
from b2b.uploads.register import Register, There
from tests.b2b.mortal import die_at
from tests.sample.models import Part, both


class PartSheet(Sheet):
    code = "parts"
    title = both("Parts", "零件")
    about = both("One row for each part.", "每个零件一行。")
    key: ClassVar = ("part",)

    part = Column(("Part", "零件号"), parsers.text(max_length=20), ("Code",), example="X-100")
    name = Column(("Name", "名称"), parsers.text(max_length=100), example="Bolt")
    weight = Column(("Weight", "重量"), parsers.decimal(places=3, minimum=0), required=False, example="1.5")
    made_on = Column(("Made on", "生产日期"), parsers.day(), required=False, example="2026-03-31")


class PartSession(Register):
    model = Part
    fields: ClassVar = {"part": "code", "name": "name", "weight": "weight", "made_on": "made_on"}
    key_field = "code"
    label_field = "name"
    versioned = False
    chunk_rows = 3

    def owned(self) -> QuerySet[Part]:
        return Part.objects.filter(owner_id=self.upload.organisation_id)

    def values_of(self, row: Candidate, there: There | None) -> Mapping[str, Any]:
        return {self.fields[name]: row.row[name] for name in row.places if name in self.fields}

    def judge(self, row: Candidate, there: There | None, differing: Sequence[str]) -> None:
        if row.row.get("name") == "forbidden":
            row.fault("name", "forbidden-name", "This name is forbidden.", suggestions=("allowed",))

    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        super().apply(acts, actor=actor)
        die_at(f"row {acts[-1].number}")

    def constants(self, actor: Actor) -> Mapping[str, Any]:
        return {"owner_id": self.upload.organisation_id}


@register
class Parts(Format):
    sheet = PartSheet
    by = buyer
    session_class = PartSession

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        for part in Part.objects.filter(owner_id=organisation_id).order_by("code"):
            yield {"part": part.code, "name": part.name, "weight": part.weight, "made_on": part.made_on}
