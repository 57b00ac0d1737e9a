"""What tables of lines to ask a price for have in common, whether they belong to a requisition or to an RFQ."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from b2b.sheets.sheet import Row
from b2b.uploads.lines import Values
from procurement.asked_lines import AskedLine, estimate_of, require_sound
from procurement.schedule import Delivery
from procurement.sheets.document_lines import DocumentLines


class AskedLinesSession(DocumentLines):
    typed: ClassVar = {
        "quantity": Decimal, "estimate_unit_price": Decimal, "required_by": date.fromisoformat,
    }  # fmt: skip
    kept: ClassVar[tuple[str, ...]]
    """The fields of ``AskedLine`` the document keeps."""

    @abstractmethod
    def rows(self) -> Iterator[dict[str, Any]]:
        """The lines as an export writes them."""

    @abstractmethod
    def asked(self, rows: Sequence[Row]) -> list[AskedLine]: ...

    def there(self) -> Mapping[int, Values]:
        return {row["number"]: row for row in self.rows()}

    def said(self, rows: Sequence[Row]) -> Sequence[AskedLine]:
        present = self.present()
        return [_still_the_product(line, present.get(line.number)) for line in self.asked(rows)]

    def present(self) -> Mapping[int, AskedLine]:
        found = self.target.lines.order_by("number").values(*self.kept)
        return {row["number"]: _present(row) for row in found}

    def settle_lines(self, lines: Sequence[AskedLine]) -> Sequence[Values]:
        require_sound(lines, self.target.currency)
        estimate_of(lines, self.target.currency)
        return [{"required_by": line.required_by} for line in lines]

    def recount(self) -> None:
        self.target.estimate = estimate_of(list(self.present().values()), self.target.currency)


def _present(row: Mapping[str, Any]) -> AskedLine:
    deliveries = tuple(map(Delivery.from_json, row.get("deliveries", ())))
    return AskedLine(**{**row, "deliveries": deliveries})


def _still_the_product(line: AskedLine, before: AskedLine | None) -> AskedLine:
    """No column names the product; a line that says the same thing as before still means it."""
    if before is None or (line.item, line.code, line.unit) != (before.item, before.code, before.unit):
        return line
    return replace(line, product_id=before.product_id)
