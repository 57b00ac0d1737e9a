"""The catalogue in the twelve columns that importing and exporting are measured with."""

from __future__ import annotations

from suppliers.sheets.catalogue import CatalogueSheet

COLUMNS = (
    "sku", "name", "native_name", "category", "unit", "moq", "lead_time_days", "brand", "part_number", "gtin",
    "attributes", "description",
)  # fmt: skip


class TwelveColumns(CatalogueSheet):
    """The catalogue without variants."""

    columns = {name: column for name, column in CatalogueSheet.columns.items() if name in COLUMNS}
