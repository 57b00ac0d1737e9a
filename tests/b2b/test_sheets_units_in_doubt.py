"""Units that mean one thing in one language and another in the next: read only where the table leaves no doubt."""

from __future__ import annotations

import pytest

from suppliers.sheets.catalogue import CatalogueSheet
from tests.b2b.surveyed_tables import faults, read_all, surveyed

FRENCH = ("Référence", "Désignation", "Unité")
SPANISH = ("Código", "Descripción", "Unidad")
ENGLISH = ("Item number", "Name", "Unit")
CHINESE = ("货号", "品名", "单位")


def unit_in(headings: tuple[str, ...], unit: str) -> tuple[str | None, list[tuple[str, str]]]:
    table = surveyed(headings, ("A-1", "Item", unit))
    (row,) = read_all(CatalogueSheet, table)
    return row.values["unit"], faults([row])


@pytest.mark.parametrize("unit", ["ml", "ML", "Ml.", "mt", "MT", "mts", "ton", "TN"])
@pytest.mark.parametrize("headings", [FRENCH, SPANISH])
def test_what_is_a_metre_or_another_unit_there_is_a_fault_that_names_both(headings: tuple[str, ...], unit: str) -> None:
    assert unit_in(headings, unit) == (None, [("C2", "two-readings")])


@pytest.mark.parametrize(
    ("headings", "unit", "code"),
    [
        (ENGLISH, "ml", "MLT"), (ENGLISH, "ML", "MLT"), (FRENCH, "mL", "MLT"), (SPANISH, "m.l.", "LM"),
        (FRENCH, "mètre linéaire", "LM"), (FRENCH, "m", "MTR"), (FRENCH, "t", "TNE"), (ENGLISH, "ton", "STN"),
        (CHINESE, "ml", "MLT"), (CHINESE, "吨", "TNE"), (CHINESE, "MT", "TNE"),
    ],
)  # fmt: skip
def test_a_unit_without_doubt_is_read(headings: tuple[str, ...], unit: str, code: str) -> None:
    assert unit_in(headings, unit) == (code, [])


def test_a_ton_in_a_chinese_table_is_asked_about() -> None:
    assert unit_in(CHINESE, "ton") == (None, [("C2", "two-readings")])


def test_the_fault_suggests_what_reads_back() -> None:
    (row,) = read_all(CatalogueSheet, surveyed(FRENCH, ("A-1", "Câble", "ml")))

    assert row.faults[0].suggestions == ("millilitre", "linear metre")
    assert [unit_in(FRENCH, suggested)[0] for suggested in row.faults[0].suggestions] == ["MLT", "LM"]
