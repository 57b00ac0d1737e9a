from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from b2b.sheets.cells import Cell
from b2b.sheets.layout import Proposal
from b2b.sheets.mapping import propose, propose_best
from b2b.sheets.parsers import amount, currency, quantity, text, unit, unit_price
from b2b.sheets.sheet import Column, Sheet
from tests.b2b.surveyed_tables import surveyed
from tests.b2b.workbooks import HEADINGS, Parts

BOLT: tuple[Cell, ...] = ("HX-8", "Bolt", "kg", Decimal("1.5"), "CNY")
NUT: tuple[Cell, ...] = ("NU-8", "Nut", "pcs", Decimal("0.5"), "CNY")
WASHER: tuple[Cell, ...] = ("WA-8", "Washer", "pcs", Decimal("0.2"), "CNY")


class Lines(Sheet):
    """What an RFQ line and a price have in common."""

    item = Column(("Item", "品名"), text(200), aliases=("Description",))
    number = Column(("Item number", "料号"), text(60), aliases=("SKU",), required=False)
    quantity = Column(("Quantity", "数量"), quantity(), aliases=("Qty",))
    unit = Column(("Unit", "单位"), unit())
    price = Column(("Unit price", "单价"), unit_price(), aliases=("Price",), required=False)
    total = Column(("Amount", "金额"), amount(), required=False)


def codes(proposal: Proposal) -> list[str]:
    return [question.code for question in proposal.questions]


def test_headings_that_name_their_columns_are_taken_without_asking() -> None:
    proposal = propose(Parts, surveyed(HEADINGS, BOLT, NUT))

    assert proposal.is_sure
    assert proposal.layout.header_rows == (1,)
    assert proposal.layout.columns == {"sku": 1, "name": 2, "unit": 3, "price": 4, "currency": 5}
    assert {(match.confidence, match.basis) for match in proposal.matches.values()} == {(1.0, "heading")}


def test_the_table_is_found_below_titles_to_the_right_and_between_blanks() -> None:
    table = surveyed(
        ("ACME Ltd.",), (), (None, None, "Price list", "2026"), (), (None, None, *HEADINGS), (), (None, None, *BOLT)
    )

    proposal = propose(Parts, table)

    assert (proposal.is_sure, proposal.layout.header_rows) == (True, (5,))
    assert proposal.layout.columns == {"sku": 3, "name": 4, "unit": 5, "price": 6, "currency": 7}


@pytest.mark.parametrize(
    "headings",
    [
        ("Artikelnummer", "Bezeichnung", "Einheit", "Einzelpreis", "Währung"),
        ("Référence", "Désignation", "Unité", "Prix unitaire", "Devise"),
        ("Código de artículo", "Denominación", "Unidad", "Precio unitario", "Moneda"),
        ("Indeks", "Nazwa towaru", "J.m.", "Cena netto", "Waluta"),
        ("Артикул", "Наименование", "Ед. изм.", "Цена", "Валюта"),
        ("产品编号", "产品名称", "计量单位", "销售单价", "货币"),
        ("料号 / Part No.", "品名 Name", "单位(Unit)", "单价\nUnit Price", "币种|Currency"),
        ("Art.-Nr.", "Bezeichnung", "ME", "Preis (EUR)", "Währung"),
    ],
)
def test_headings_are_understood_in_many_languages(headings: tuple[str, ...]) -> None:
    proposal = propose(Parts, surveyed(headings, BOLT, NUT))

    assert proposal.questions == ()
    assert proposal.layout.columns == {"sku": 1, "name": 2, "unit": 3, "price": 4, "currency": 5}


def test_a_word_of_the_trade_goes_to_the_column_that_is_called_so_and_required() -> None:
    class Items(Sheet):
        line = Column(("Line", "行号"), text(), aliases=("Pos.",), required=False)
        sku = Column(("Item number", "货号"), text())
        part = Column(("Part number", "零件号"), text(), required=False)
        item = Column(("Item", "品名"), text(), aliases=("Description", "Name"))

    proposal = propose(Items, surveyed(("序号", "物料编码", "物料名称"), ("1", "A1", "Bolt"), ("2", "A2", "Nut")))

    assert (proposal.is_sure, proposal.layout.columns) == (True, {"line": 1, "sku": 2, "item": 3})


@pytest.mark.parametrize("heading", ["Quantiy", "Estimated quantity", "Qty 2026", "Order quantitty"])
def test_a_heading_that_only_looks_alike_is_asked_with_what_it_holds(heading: str) -> None:
    table = surveyed(("Item", heading, "Unit"), ("Bolt", Decimal(250), "kg"), ("Nut", Decimal(80), "kg"))

    proposal = propose(Lines, table)

    (question,) = proposal.questions
    assert (question.code, question.about["column"], question.about["place"]) == ("column-unsure", "quantity", 2)
    assert question.about["samples"] == ["250", "80"]
    assert question.detail == f"Is “{heading}” (column B) the column “Quantity”? It holds 250, 80."
    assert "quantity" not in proposal.layout.columns
    assert (proposal.matches["quantity"].basis, proposal.matches["quantity"].is_sure) == ("likeness", False)


@pytest.mark.parametrize(
    "heading", ["Price (incl. VAT)", "单价（含税）", "Price per 100", "Price (old)", "Price (per 1000 pcs)", "Prix TTC"]
)
def test_what_may_change_the_meaning_of_a_price_is_never_taken_for_sure(heading: str) -> None:
    headings = (*HEADINGS[:3], heading, "Currency")

    proposal = propose(Parts, surveyed(headings, BOLT, NUT))

    assert "price" not in proposal.layout.columns
    assert {question.about["column"] for question in proposal.questions} == {"price"}


def test_a_short_word_within_a_longer_one_is_no_likeness() -> None:
    class Prices(Sheet):
        item = Column(("Item", "品名"), text())
        customer = Column(("Customer", "客户"), text(), required=False)

    assert list(propose(Prices, surveyed(("Item", "Me"), ("Bolt", "Stk"))).matches) == ["item"]


def test_a_heading_that_looks_alike_but_holds_something_else_is_not_proposed() -> None:
    table = surveyed(
        ("Item", "Qty", "Unit", "Price group"), ("Bolt", Decimal(2), "kg", "A"), ("Nut", Decimal(3), "kg", "B")
    )

    proposal = propose(Lines, table)

    assert "price" not in proposal.matches
    assert (proposal.is_sure, proposal.unknown) == (True, {4: "Price group"})


def test_a_required_column_nobody_names_is_proposed_by_what_the_cells_can_only_be() -> None:
    table = surveyed(
        ("Item", "Qty", "How"), ("Bolt", Decimal(2), "kg"), ("Nut", Decimal(3), "pcs"), ("Oil", Decimal(4), "l")
    )

    proposal = propose(Lines, table)

    assert (proposal.matches["unit"].place, proposal.matches["unit"].basis) == (3, "content")
    assert codes(proposal) == ["column-unsure"]


def test_barcodes_and_prices_with_a_sign_are_known_by_their_cells() -> None:
    class Items(Sheet):
        sku = Column(("Item number", "货号"), text())
        gtin = Column(("GTIN", "条码"), text(14), required=False)
        price = Column(("Unit price", "单价"), unit_price())

    rows: list[tuple[Cell, ...]] = [
        ("A1", "4006381333931", "€ 1.20"),
        ("A2", Decimal(4006381333948), "€ 2.20"),
        ("A3", "4006381333955", "€ 0.20"),
    ]
    wrong: list[tuple[Cell, ...]] = [("A1", "4006381333932", "€ 1.20"), *rows[1:]]

    proposal = propose(Items, surveyed(("Item number", "X", "Y"), *rows))

    assert {name: (match.place, match.basis) for name, match in proposal.matches.items()} == {
        "sku": (1, "heading"),
        "gtin": (2, "content"),
        "price": (3, "content"),
    }
    assert codes(proposal) == ["column-unsure", "column-unsure"]
    assert "gtin" not in propose(Items, surveyed(("Item number", "X", "Y"), *wrong)).matches


@pytest.mark.parametrize("heading", ["Top price", "All prices", "Mad price"])
def test_a_word_that_spells_a_currency_is_only_a_word(heading: str) -> None:
    headings = ("Part number", "Name", "Unit", heading)

    proposal = propose(Parts, surveyed(headings, BOLT[:4], NUT[:4]))

    assert ("price" in proposal.layout.columns, proposal.layout.constants) == (False, {})


def test_a_required_column_that_is_missing_is_asked_with_candidates() -> None:
    table = surveyed(("Item", "Unit", "Alpha", "Beta"), ("Bolt", "kg", Decimal(2), "x"), ("Nut", "kg", Decimal(3), "y"))

    proposal = propose(Lines, table)

    (question,) = proposal.questions
    assert (proposal.missing, question.code) == (("quantity",), "column-missing")
    assert question.about["candidates"] == [{"place": 3, "heading": "Alpha", "samples": ["2", "3"]}]


class Goods(Sheet):
    name = Column(("Name", "名称"), text(200), often_called="description")
    unit = Column(("Unit", "单位"), unit())
    description = Column(("Description", "描述"), text(2000), required=False)


def test_where_no_heading_says_name_the_description_is_proposed_for_it() -> None:
    proposal = propose(Goods, surveyed(("Description", "Unit"), ("Hex bolt M8", "pcs"), ("Nut M8", "pcs")))

    assert {name: (match.place, match.is_sure) for name, match in proposal.matches.items()} == {
        "unit": (2, True),
        "name": (1, False),
    }
    assert [(question.code, question.detail) for question in proposal.questions] == [
        ("column-unsure", "Is “Description” (column A) the column “Name”? It holds Hex bolt M8, Nut M8.")
    ]


def test_a_description_beside_a_name_stays_one() -> None:
    proposal = propose(Goods, surveyed(("Name", "Description", "Unit"), ("Bolt", "Hex, M8", "pcs")))

    assert (proposal.layout.columns, proposal.questions) == ({"name": 1, "description": 2, "unit": 3}, ())


def test_headings_that_fit_equally_well_are_asked() -> None:
    table = surveyed(
        ("Item", "Qty", "Unit", "Price EUR", "Price USD"), ("Bolt", Decimal(2), "kg", Decimal(1), Decimal(2))
    )

    proposal = propose(Lines, table)

    (question,) = proposal.questions
    assert question.code == "column-twice"
    assert [one["heading"] for one in question.about["candidates"]] == ["Price EUR", "Price USD"]
    assert "price" not in proposal.layout.columns


# --- Headings in two rows -----------------------------------------------------------------------
GROUPED = (
    ("Item", "Quantity", "Unit", "Price", None),
    (None, None, None, "USD", "EUR"),
    ("Bolt", Decimal(2), "kg", Decimal(1), Decimal("0.9")),
)


@pytest.mark.parametrize("merged", [((1, 4, 1, 5), (1, 1, 2, 1)), ()])
def test_a_group_over_two_columns_is_two_prices_and_asked(merged: tuple[tuple[int, int, int, int], ...]) -> None:
    proposal = propose(Lines, surveyed(*GROUPED, merged=merged))

    assert proposal.layout.header_rows == (1, 2)
    assert proposal.layout.columns == {"item": 1, "quantity": 2, "unit": 3}
    assert codes(proposal) == ["column-twice"]
    assert [one["heading"] for one in proposal.questions[0].about["candidates"]] == ["Price USD", "Price EUR"]


def test_the_halves_of_headings_in_two_rows_are_read_together() -> None:
    table = surveyed(
        ("Item", "Unit", None, "Order"),
        (None, "price", "Unit", "quantity"),
        ("Bolt", Decimal(1), "kg", Decimal(2)),
        merged=((1, 1, 2, 1),),
    )

    proposal = propose(Lines, table)

    assert proposal.layout.header_rows == (1, 2)
    assert proposal.layout.columns == {"item": 1, "price": 2, "unit": 3, "quantity": 4}


def test_a_row_of_data_is_never_half_of_the_headings() -> None:
    table = surveyed(("Item", "Qty", "Unit", None), ("Bolt", "2", "kg", "note"), ("Nut", "3", "kg", "note"))

    assert propose(Lines, table).layout.header_rows == (1,)


# --- The currency in a heading ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heading", "code"), [("Price (USD)", "USD"), ("Price in €", "EUR"), ("Unit price\nCHF", "CHF")]
)
def test_the_currency_of_a_heading_holds_for_every_row(heading: str, code: str) -> None:
    headings = ("Part number", "Name", "Unit", heading)

    proposal = propose(Parts, surveyed(headings, BOLT[:4], NUT[:4]))

    assert proposal.layout.constants == ({"currency": code} if "price" in proposal.layout.columns else {})
    assert ("column-missing" in codes(proposal)) == ("price" not in proposal.layout.columns)


def test_a_sign_of_several_currencies_in_a_heading_decides_nothing() -> None:
    proposal = propose(Parts, surveyed(("料号", "名称", "单位", "单价（元）"), BOLT[:4], NUT[:4]))

    assert (proposal.layout.constants, proposal.missing) == ({}, ("currency",))


# --- What is hidden, and which table ------------------------------------------------------------
def test_hidden_rows_columns_and_sheets_are_asked() -> None:
    table = surveyed(HEADINGS, BOLT, NUT, WASHER, hidden=True, hidden_rows=(3, 4), hidden_columns=(4, 9))

    proposal = propose(Parts, table)

    assert codes(proposal) == ["hidden-table", "hidden-column", "hidden-rows"]
    assert proposal.questions[2].detail == "2 rows are hidden in “Sheet1”. Shall they be read?"
    assert proposal.layout.include_hidden_rows is None


def test_hidden_rows_above_the_headings_are_nobodys_question() -> None:
    proposal = propose(Parts, surveyed(("Title",), ("old",), HEADINGS, BOLT, hidden_rows=(1, 2)))

    assert (proposal.is_sure, proposal.layout.include_hidden_rows) == (True, False)


def test_the_tables_that_could_be_it_are_offered_best_first() -> None:
    tables = [
        surveyed(("Please read",), name="Notes"),
        surveyed(HEADINGS, BOLT, name="Old", place=2, hidden=True),
        surveyed(HEADINGS[:3], BOLT[:3], name="Part", place=3),
        surveyed(HEADINGS, BOLT, name="Prices", place=4),
    ]

    proposals = propose_best(Parts, tables)

    assert [proposal.layout.table for proposal in proposals] == ["Prices", "Part", "Old"]
    assert proposals[0].is_sure


def test_tables_that_fit_equally_well_are_asked() -> None:
    tables = [surveyed(HEADINGS, BOLT, name=name) for name in ("2025", "2026")]

    (question,) = propose_best(Parts, tables)[0].questions

    assert (question.code, question.about) == ("which-table", {"tables": ["2025", "2026"]})


def test_without_any_headings_each_table_is_offered_and_the_headings_are_asked() -> None:
    table = surveyed(BOLT, NUT, WASHER)

    (proposal,) = propose_best(Parts, [table])

    assert (codes(proposal), proposal.layout.header_rows, proposal.score) == (["no-headings"], (), 0)
    assert proposal.questions[0].about["likely"] == {"unit": 3, "currency": 5}


def test_who_says_that_there_are_no_headings_is_asked_for_the_columns() -> None:
    proposal = propose(Parts, surveyed(BOLT, NUT, WASHER), header_rows=())

    assert codes(proposal) == ["column-unsure", "column-unsure", "column-missing", "column-missing", "column-missing"]


def test_who_points_at_the_headings_is_believed() -> None:
    table = surveyed(HEADINGS, BOLT, ("Item no.", "Name", "Unit", "Price", "Currency"), NUT)

    proposal = propose(Parts, table, header_rows=(3,))

    assert (proposal.layout.header_rows, proposal.is_sure) == ((3,), True)


def test_a_single_word_in_a_row_of_data_is_no_heading() -> None:
    rows = [(Decimal(number), Decimal(number * 2), "Price", "text", "text") for number in range(5)]

    assert propose(Parts, surveyed(("a1", "b1", "c1", "d1", "e1"), *rows)).score < 1


def test_questions_speak_the_readers_language() -> None:
    with override("zh-hans"):
        (question,) = propose(Lines, surveyed(("品名", "Quantiy", "单位"), ("Bolt", Decimal(5), "kg"))).questions

    assert question.detail == "“Quantiy”（B 列）是“数量”列吗？其内容为 5。"


def test_a_sheet_with_a_currency_column_only_needs_it_once() -> None:
    class Priced(Sheet):
        item = Column(("Item", "品名"), text())
        price = Column(("Price", "价格"), unit_price())
        money = Column(("Currency", "币种"), currency(), required=False)

    proposal = propose(Priced, surveyed(("Item", "Price [GBP]"), ("Bolt", Decimal(1))))

    assert (proposal.is_sure, proposal.layout.constants) == (True, {"money": "GBP"})
