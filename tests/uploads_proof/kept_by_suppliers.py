"""Catalogues, price lists and stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from operator import itemgetter
from typing import Any

from hypothesis import strategies as st

from b2b.fields import new_key
from b2b.models import Organisation
from b2b.unit import current_units
from suppliers.models import Attribute, Category, Price, PriceList, Product, Stock
from suppliers.models.price import Scope
from suppliers.packages import package_faults, plain_packages
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member
from tests.uploads_proof.exact_values import (
    CURRENCIES,
    DAYS,
    QUANTITIES,
    UNITS,
    blank_or,
    decimals,
    names,
    texts,
)
from tests.uploads_proof.keepers import Kept, keeps

ROWS = 30
GTINS = ("", "4006381333931", "96385074", "036000291452", "10012345678902")
CHOICES = ("M8", "M8; M10", "yes", "1/2", "ring=closed", 'inch"', "-")
STATES = ("draft", "listed", "delisted")
PACKAGES = [unit.code for unit in current_units() if unit.code.startswith("X")]
NUMBERS = decimals(18, 6).map(lambda number: f"{number.normalize():f}")

attributes = st.fixed_dictionaries(
    {}, optional={
        "text": texts(200), "number": NUMBERS, "choice": st.sampled_from(CHOICES), "flag": st.booleans(),
        "3d": texts(20), "_x-1": texts(20),
    },
)  # fmt: skip
packages = st.dictionaries(st.sampled_from(PACKAGES), QUANTITIES, max_size=3)
items = st.lists(
    st.fixed_dictionaries(
        {
            "sku": names(60),
            "name": texts(200),
            "native_name": blank_or(texts(200)),
            "description": blank_or(texts(4000)),
            "brand": blank_or(texts(80)),
            "part_number": blank_or(texts(60)),
            "gtin": st.sampled_from(GTINS),
            "shelf": st.sampled_from((None, 0, 1)),
            "unit": UNITS,
            "moq": QUANTITIES,
            "packages": packages,
            "lead_time_days": st.one_of(st.none(), st.integers(0, 3650)),
            "attributes": attributes,
            "is_variant": st.booleans(),
            "state": st.sampled_from(STATES),
        }
    ),
    min_size=1,
    max_size=ROWS,
    unique_by=lambda item: item["sku"],
)


@keeps("catalogue", items)
def catalogue(drawn: list[dict[str, Any]]) -> Kept:
    """Each item has what its category asks for; of the first two items without a parent, others are variants."""
    supplier = SupplierFactory()
    shelves = [_shelf("bolts"), _shelf("00123")]
    products = [_product(supplier, item, shelves) for item in drawn]
    for item, product in zip(drawn[2:], products[2:], strict=True):
        product.variant_of = products[0] if item["is_variant"] else None
    Product.objects.bulk_create(products)
    return Kept(member(supplier, "sales"))


def _shelf(code: str) -> Category:
    shelf = Category.objects.create(code=code, name=f"Category {code}", review_required=False)
    kinds = {"text": "text", "number": "number", "choice": "choice", "flag": "boolean", "3d": "text", "_x-1": "text"}
    for name, kind in kinds.items():
        allowed = list(CHOICES) if kind == "choice" else []
        Attribute.objects.create(category=shelf, code=name, name=f"Its {name}", kind=kind, allowed_values=allowed)
    return shelf


def _product(supplier: Organisation, item: dict[str, Any], shelves: list[Category]) -> Product:
    values = {name: value for name, value in item.items() if name not in {"shelf", "is_variant", "attributes"}}
    values["packages"] = plain_packages(
        {code: f"{held:f}" for code, held in item["packages"].items() if code != item["unit"]}
    )
    shelf = None if item["shelf"] is None else shelves[item["shelf"]]
    product = Product(id=new_key(), supplier=supplier, category=shelf, **values)
    product.attributes = item["attributes"] if shelf else {}
    assert not list(product.attribute_faults())
    assert not list(package_faults(product.packages, product.unit))
    return product


def products_of(supplier: Organisation, numbers: list[str], units: Sequence[str] = ("H87",)) -> list[Product]:
    """In the units in turn."""
    return Product.objects.bulk_create(
        Product(id=new_key(), supplier=supplier, sku=sku, name=sku, unit=unit, state="listed")
        for sku, unit in zip(numbers, cycle(units), strict=False)
    )


stocked = st.lists(
    st.tuples(names(60), decimals(20, 6, least=0), st.one_of(st.none(), decimals(20, 6, least=0))),
    min_size=1, max_size=ROWS, unique_by=lambda one: one[0],
)  # fmt: skip


@keeps("stock", stocked)
def stock(drawn: list[tuple[str, Decimal, Decimal | None]]) -> Kept:
    supplier = SupplierFactory()
    products = products_of(supplier, [sku for sku, *_ in drawn])
    Stock.objects.bulk_create(
        Stock(product=product, on_hand=on_hand, warn_below=warn)
        for product, (_sku, on_hand, warn) in zip(products, drawn, strict=True)
    )
    return Kept(member(supplier, "sales"))


tiers = st.lists(
    st.tuples(st.integers(0, 9), QUANTITIES, decimals(20, 6), QUANTITIES), min_size=1, max_size=ROWS,
    unique_by=itemgetter(0, 1),
)  # fmt: skip
lists = st.lists(
    st.tuples(CURRENCIES, DAYS, st.integers(-1, 20_000), st.booleans(), st.sampled_from(Scope.values), tiers),
    min_size=1, max_size=4, unique_by=itemgetter(0, 1, 2, 3, 4),
)  # fmt: skip
priced = st.tuples(
    st.lists(names(60), min_size=10, max_size=10, unique=True), texts(200), lists, st.lists(UNITS, min_size=1)
)


@keeps("prices", priced)
def prices(drawn: tuple[list[str], str, list[Any], list[str]]) -> Kept:
    """Drafts for everybody or one customer, open-ended or not, of items in any unit."""
    numbers, customer_name, all_lists, units = drawn
    supplier, customer = SupplierFactory(), OrganisationFactory(name=customer_name)
    products = products_of(supplier, numbers, units)
    for currency, begins, days, is_own, scope, rows in all_lists:
        ends = None if days < 0 else begins + timedelta(days=days)
        made = PriceList.objects.create(
            supplier=supplier, buyer=customer if is_own else None, name="Prices", scope=scope, currency=currency,
            valid_from=begins, valid_until=ends,
        )  # fmt: skip
        Price.objects.bulk_create(
            Price(
                price_list=made, product=products[place], min_quantity=start, unit_price=price, price_base_quantity=base
            )
            for place, start, price, base in rows
        )
    return Kept(member(supplier, "sales"))
