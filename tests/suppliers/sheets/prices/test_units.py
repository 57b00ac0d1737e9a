"""Prices in another unit than the item is kept in."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from b2b.models import Organisation
from b2b.uploads.mending import mend
from b2b.uploads.models import Upload
from suppliers.models import Price, PriceList, Product
from tests.suppliers.sheets.test_catalogue import exported, told

pytestmark = pytest.mark.django_db

UNITS = "SKU\tFrom quantity\tPrice\tUnit\tPer\n"


@pytest.fixture(autouse=True)
def items(supplier: Organisation) -> None:
    """Bolts in pieces that come in cartons of 24, and a powder in kilograms."""
    Product.objects.filter(supplier=supplier, sku="A").update(unit="H87", packages={"XCT": "24", "XPX": "960"})
    Product.objects.filter(supplier=supplier, sku="B").update(unit="KGM")


def prices(price_list: PriceList) -> list[tuple[str, ...]]:
    """Item, from which quantity on, how much, for how many: in the item's unit."""
    rows = price_list.prices.order_by("product__sku", "min_quantity", "unit_price")
    numbers = ("min_quantity", "unit_price", "price_base_quantity")
    return [(one.product.sku, *(f"{getattr(one, name).normalize():f}" for name in numbers)) for one in rows]


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ("A\t\t120\tcarton\t", ("A", "24", "120", "24")),
        ("A\t10\t120\tctn\t", ("A", "240", "120", "24")),
        ("A\t\t120/ctn\t\t", ("A", "24", "120", "24")),
        ("A\t\t120\tpallet\t2", ("A", "960", "120", "1920")),
        ("A\t5\t12.50\t100 pcs\t", ("A", "5", "12.5", "100")),
        ("A\t5\t12.50/100\t\t", ("A", "5", "12.5", "100")),
        ("A\t\t12.50\tTsd.\t", ("A", "1", "12.5", "1000")),
        ("A\t3\t6\tdozen\t", ("A", "36", "6", "12")),
        ("A\t3\t6\tpcs\t10", ("A", "3", "6", "10")),
        ("B\t\t850\tt\t", ("B", "1", "850", "1000")),
        ("B\t0.5\t850\tt\t", ("B", "500", "850", "1000")),
        ("B\t\t1.20\tlb\t", ("B", "1", "120", "45.359237")),
        ("B\t\t1.20\tkg\t", ("B", "1", "1.2", "1")),
    ],
)
def test_a_price_is_kept_in_the_items_unit(
    into: Callable[[str], Upload], draft: PriceList, row: str, kept: tuple[str, ...]
) -> None:
    into(f"{UNITS}{row}\n")

    assert prices(draft) == [kept]


def test_what_is_converted_is_listed_and_an_export_shows_it(
    into: Callable[[str], Upload], brought: Callable[..., Upload], supplier: Organisation, draft: PriceList
) -> None:
    upload = into(f"{UNITS}A\t10\t120.00\tcarton\t\nA\t\t6\tpiece\t\n")

    first, second = upload.rows.order_by("number")
    assert [(one["heading"], one["shown"], one["taken"], one["kind"]) for one in first.conversions] == [
        ("From quantity", "10", "240 piece", "unit:XCT"),
        ("Unit price", "120.00", "120 for 24 piece", "unit:XCT"),
    ]
    assert not second.conversions
    assert {(one.heading, one.nature, one.rows) for one in upload.conversion_counts.all()} == {
        ("From quantity", "unit", 1), ("Unit price", "unit", 1),
    }  # fmt: skip
    again = brought(exported(supplier, "prices", draft), format="prices", target_id=draft.pk)
    assert (again.counts, again.missing_count) == ({"unchanged": 2}, 0)


def test_a_price_of_a_piece_and_of_a_carton_stand_beside_each_other(
    into: Callable[[str], Upload], draft: PriceList
) -> None:
    into(f"{UNITS}A\t\t6\tpiece\t\nA\t\t120\tcarton\t\n")

    assert prices(draft) == [("A", "1", "6", "1"), ("A", "24", "120", "24")]


UNKNOWN = (
    "The item is kept in “{own}”; how many of those make one “{unit}” is not known. Say it in the catalogue, in the "
    "item's packages, or write the price of one “{own}”."
)
TWO_READINGS = (
    "This may mean 5 thousand or 5 piece. Write the quantity and the unit in “piece”, and what the price is for in its "
    "own column."
)
FINE_QUANTITY = "0.000001 g cannot be said exactly in “kilogram”, the item's unit. Write it in that."
FINE_PRICE = "This price for one “pound” cannot be said exactly for “kilogram”, the item's unit."


@pytest.mark.parametrize(
    ("row", "code", "heading", "detail"),
    [
        ("B\t\t120\tcarton\t", "package-unknown", "Unit", UNKNOWN.format(own="kilogram", unit="carton")),
        ("A\t\t5\tkg\t", "package-unknown", "Unit", UNKNOWN.format(own="piece", unit="kilogram")),
        ("A\t5\t12.50\tTsd.\t", "two-readings", "From quantity", TWO_READINGS),
        ("B\t0.000001\t1.20\tg\t", "quantity-not-exact", "From quantity", FINE_QUANTITY),
        ("B\t\t99999999999999\tlb\t", "price-not-exact", "Unit price", FINE_PRICE),
    ],
)
def test_what_cannot_be_converted_is_refused_by_a_clear_sentence(
    brought: Callable[..., Upload], draft: PriceList, row: str, code: str, heading: str, detail: str
) -> None:
    upload = brought(f"{UNITS}{row}\n", format="prices", target_id=draft.pk)

    assert told(upload) == {2: ("faulty", code)}
    (fault,) = upload.rows.get().faults
    assert (fault["heading"], fault["detail"], fault["suggestions"]) == (heading, detail, [])
    assert not Price.objects.exists()


def test_the_sentence_is_in_the_readers_language(brought: Callable[..., Upload], draft: PriceList) -> None:
    upload = brought(f"{UNITS}B\t\t120\t箱\t\nA\t2\t120\tctn\t\n", format="prices", target_id=draft.pk)

    with translation.override("zh-hans"):
        detail = upload.rows.get(number=2).faults[0]["detail"]
        taken = [one["taken"] for one in upload.rows.get(number=3).conversions]

    assert (
        detail
        == "该商品的计量单位为“千克”，无法得知一“箱”等于多少。请在商品目录的包装含量中说明，或填写一“千克”的价格。"
    )
    assert taken == ["48 件", "每 24 件 120", "XCT"]


def test_a_package_the_catalogue_learned_meanwhile_is_known_when_the_row_is_mended(
    brought: Callable[..., Upload], draft: PriceList, seller: Any
) -> None:
    upload = brought(f"{UNITS}B\t\t120\tbag\t\n", format="prices", target_id=draft.pk)
    Product.objects.filter(sku="B").update(packages={"XBG": "25"})

    mend(upload, 2, {"unit": "bag"}, actor=seller, expected_version=None)

    assert (upload.counts, upload.rows.get().after["price_base_quantity"]) == ({"new": 1}, "25")


def test_packages_are_brought_with_the_catalogue(
    applied: Callable[..., Upload], brought: Callable[..., Upload], supplier: Organisation
) -> None:
    upload = applied("货号\t名称\t单位\t包装含量\nC\tBolt\tpcs\tcarton = 24; 托盘：960\n", format="catalogue")

    made = Product.objects.get(sku="C")
    assert made.packages == {"XCT": "24", "XPX": "960"}
    assert brought(exported(supplier, "catalogue"), format="catalogue").counts == {"unchanged": 3}
    assert [one["heading"] for one in upload.rows.get().conversions] == ["Unit", "Package contents"]


@pytest.mark.parametrize(
    ("packages", "code", "detail"),
    [
        ("24", "package-form", None),
        ("carton 24", "package-form",
         "“carton 24” is no package. Write packages and how much of the item's unit each holds: carton=24."),
        ("carton=24; ctn=25", "package-twice", "A package stands here twice. Keep one of the two."),
        ("dozen=10", "package-fixed", "“dozen” and “piece” convert into each other already. Leave it out."),
        ("carton=0", "out-of-range", "The number must be greater than zero."),
        ("cartoon=24", "unknown-unit", None),
    ],
)  # fmt: skip
def test_packages_that_are_none_are_refused(
    brought: Callable[..., Upload], packages: str, code: str, detail: str | None
) -> None:
    upload = brought(f"SKU\tName\tUnit\tPackage contents\nA\tBolt\tpcs\t{packages}\n", format="catalogue")

    assert told(upload) == {2: ("faulty", code)}
    if detail:
        assert upload.rows.get().faults[0]["detail"] == detail
    assert Product.objects.get(sku="A").packages == {"XCT": "24", "XPX": "960"}


def test_the_units_of_a_price_need_no_column_where_all_are_the_items(
    into: Callable[[str], Upload], draft: PriceList
) -> None:
    into("SKU\tPrice\nA\t6\nB\t1.2\n")

    assert prices(draft) == [("A", "1", "6", "1"), ("B", "1", "1.2", "1")]
    assert {one.unit_price for one in draft.prices.all()} == {Decimal(6), Decimal("1.2")}
