"""What the headings of price lists are understood to mean, and what is not taken for a heading."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from b2b.sheets.cells import Cell, level
from b2b.sheets.headings import currencies_in, fits
from b2b.sheets.mapping import propose
from procurement.sheets.rfq_lines import RFQLineSheet
from suppliers.sheets.catalogue import CatalogueSheet
from suppliers.sheets.prices import PriceSheet
from suppliers.sheets.stock import StockSheet
from suppliers.sheets.suppliers import SupplierSheet
from tests.b2b.surveyed_tables import Lines, surveyed


@pytest.mark.parametrize(
    ("sheet", "headings", "places"),
    [
        (PriceSheet, "Item #|Your Net Price|Cur", "sku unit_price currency"),
        (PriceSheet, "Objednací číslo|Popis|Cena bez DPH|Měna", "sku - unit_price currency"),
        (PriceSheet, "Kod|Nazwa|Cena zł|Ilość od", "sku name unit_price min_quantity"),
        (PriceSheet, "№ п/п|Код товара|Номенклатура|Цена без НДС, руб.", "- sku name unit_price"),
        (PriceSheet, "Referência|Designação|Preço unit.|Válido de|Válido até", "sku name unit_price valid_from valid_until"),
        (PriceSheet, "Código|Descripción|Precio neto (€)|Vigente desde", "sku - unit_price valid_from"),
        (PriceSheet, "Code article|Libellé|Prix public HT|Prix net HT", "sku name - unit_price"),
        (PriceSheet, "产品型号|产品名称|含税价|不含税价|生效时间", "sku name - unit_price valid_from"),
        (PriceSheet, "產品編號|產品名稱|單價|幣別", "sku name unit_price currency"),
        (PriceSheet, "Artikelnummer|Bezeichnung|Preis in EUR", "sku name unit_price"),
        (PriceSheet, "Référence|Désignation|Prix en €", "sku name unit_price"),
        (PriceSheet, "Item number|Old price|New price", "sku - unit_price"),
        (PriceSheet, "品番|品名|単価", "sku name unit_price"),
        (PriceSheet, "Stok Kodu|Stok Adı|Birim Fiyat|Para Birimi", "sku name unit_price currency"),
        (PriceSheet, "Cikkszám|Megnevezés|Nettó ár|Pénznem", "sku name unit_price currency"),
        (PriceSheet, "رقم الصنف|اسم الصنف|السعر", "sku name unit_price"),
        (PriceSheet, "품번|품명|단가", "sku name unit_price"),
        (PriceSheet, "Артикул|Найменування|Ціна", "sku name unit_price"),
        (CatalogueSheet, "Kód|Název zboží|Skupina|MJ|EAN kód|Výrobce", "sku name category unit gtin brand"),
        (CatalogueSheet, "Código|Nome|Família|Un|Marca", "sku name category unit brand"),
        (CatalogueSheet, "SKU|Product Title|Dept|Sell Unit|UPC/EAN|Mfr Part #", "sku name category unit gtin part_number"),
        (CatalogueSheet, "物料编码|物料名称|基本单位|最小包装量|最小订货量", "sku name unit - moq"),
        (StockSheet, "Symbol|Stan|Stan minimalny", "sku on_hand warn_below"),
        (StockSheet, "存货编码|存货名称|现存数量|安全库存", "sku name on_hand warn_below"),
        (SupplierSheet, "Raison sociale|Pays|N° TVA intracommunautaire|Courriel", "name country vat contact_email"),
        (SupplierSheet, "Nazwa firmy|Kraj|NIP|Osoba kontaktowa", "name country vat contact_name"),
    ],
)  # fmt: skip
def test_a_list_is_read_by_the_words_its_country_uses(sheet: type, headings: str, places: str) -> None:
    named = headings.split("|")
    expected = {name: place for place, name in enumerate(places.split(), start=1) if name != "-"}
    cells = dict.fromkeys(expected, "1") | {
        "unit": "kg", "currency": "EUR", "valid_from": "2026-02-01", "valid_until": "2026-12-31", "country": "PL",
        "contact_email": "a@b.example", "gtin": "4006381333931",
    }  # fmt: skip
    by_place = {place: cells[name] for name, place in expected.items()}
    row = tuple(by_place.get(place, "x") for place in range(1, len(named) + 1))

    proposal = propose(sheet, surveyed(tuple(named), row))

    assert [question.detail for question in proposal.questions] == []
    assert proposal.layout.columns == expected


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Cena zł", "PLN"),
        ("Cena bez DPH (Kč)", "CZK"),
        ("Цена, руб.", "RUB"),
        ("price_usd", "USD"),
        ("單價(NT$)", "TWD"),
    ],
)
def test_a_currency_is_known_by_its_everyday_name_in_a_heading(heading: str, code: str) -> None:
    assert currencies_in(heading) == {code}


@pytest.mark.parametrize(
    "heading", ["Lead time (wks)", "Lieferzeit (Wochen)", "交货期(周)", "Délai (semaines)", "Срок поставки (нед.)"]
)
def test_a_lead_time_in_weeks_is_never_taken_for_days(heading: str) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("SKU", "Name", "Unit", heading),
        *[(f"A-{number}", "Bolt", "kg", Decimal(2)) for number in range(3)],
    ]

    proposal = propose(CatalogueSheet, surveyed(*rows))

    assert [question.code for question in proposal.questions] == ["column-unsure"]
    assert "lead_time_days" not in proposal.layout.columns


@pytest.mark.parametrize("heading", ["Stock (boxes)", "Bestand (VPE)", "库存(箱)", "On hand (dozen)"])
def test_a_stock_counted_in_packages_is_never_taken_for_pieces(heading: str) -> None:
    assert [fit.confidence >= 0.9 for fit in fits(StockSheet, heading)] in ([False], [])


@pytest.mark.parametrize("heading", ["Stock (pcs)", "Bestand (Stk)", "库存(个)", "On hand (EA)"])
def test_pieces_beside_a_heading_are_what_it_counts_anyway(heading: str) -> None:
    (fit,) = fits(StockSheet, heading)
    assert (fit.column, fit.confidence >= 0.9) == ("on_hand", True)


def test_a_row_of_words_below_a_wide_heading_is_data_and_no_second_row_of_headings() -> None:
    """Merged two by two, a category stands over its rows as a group heading does over its columns."""
    table = surveyed(
        ("Section", None, "Item", "Quantity", "Unit"),
        ("Bolts", None, "Hexagon bolt", "twelve", "pcs"),
        (None, None, "Carriage bolt", "3", "pcs"),
        merged=((1, 1, 1, 2), (2, 1, 3, 2)),
    )

    proposal = propose(Lines, table)

    assert proposal.layout.header_rows == (1,)


@pytest.mark.parametrize(
    "headings", ["Item|Description|Qty|Unit", "Item|Descrição|Qtde|Unid.", "Item|Item description|Quantity|UOM"]
)
def test_an_item_that_only_counts_the_rows_is_their_number_and_the_description_the_item(headings: str) -> None:
    rows = [("1", "Bolt", "12", "kg"), ("2.", "Nut", "8", "kg"), ("3", "Washer", "5", "kg")]

    proposal = propose(RFQLineSheet, surveyed(tuple(headings.split("|")), *rows))

    assert proposal.questions == ()
    assert proposal.layout.columns == {"number": 1, "item": 2, "quantity": 3, "unit": 4}


def test_an_item_that_is_a_number_of_its_own_is_the_item() -> None:
    rows = [("4711", "Bolt", "12", "kg"), ("4712", "Nut", "8", "kg")]

    proposal = propose(RFQLineSheet, surveyed(("Item", "Description", "Qty", "Unit"), *rows))

    assert proposal.layout.columns["item"] == 1


def test_a_price_with_a_sign_of_hundredths_is_asked_about() -> None:
    proposal = propose(PriceSheet, surveyed(("Item number", "Preis %"), ("A-1", Decimal(12))))

    assert [question.code for question in proposal.questions] == ["column-unsure"]


@pytest.mark.parametrize(
    "heading",
    [
        "Price (k€)",
        "单价（万元）",
        "Preis (Tsd. EUR)",
        "Price (cents)",
        "Цена (тыс. руб.)",
        "单价(每百个)",
        "Price (USD million)",
    ],
)
def test_a_price_in_thousands_or_cents_is_never_taken_for_one_in_units(heading: str) -> None:
    assert all(fit.confidence < 0.9 for fit in fits(PriceSheet, heading))


@pytest.mark.parametrize(
    "line",
    [
        "单位：万元",
        "单位:人民币千元",
        "Alle Preise in TEUR",
        "Angaben in Tsd. EUR",
        "All amounts in thousands",
        "(в тыс. руб.)",
    ],
)
def test_a_line_that_says_amounts_are_in_thousands_makes_prices_a_question(line: str) -> None:
    table = surveyed((line,), ("Item number", "Price"), ("A-1", Decimal("12.5")), ("A-2", Decimal(3)))

    proposal = propose(PriceSheet, table)

    assert [question.code for question in proposal.questions] == ["column-unsure"]
    assert level(line) in proposal.questions[0].detail


def test_a_table_of_the_full_width_is_mapped_in_seconds() -> None:
    headings = ("Item number", "Price", *(f"Column {place}" for place in range(16_382)))
    began = time.monotonic()

    proposal = propose(PriceSheet, surveyed(headings, ("A-1", Decimal("1.5"))))

    assert proposal.layout.columns == {"sku": 1, "unit_price": 2}
    assert time.monotonic() - began < 10  # Without a limit it takes twenty, here.
