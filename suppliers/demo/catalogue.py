"""Shelves, and what stands on them, in every state an item can be in."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from b2b.demo import World
from b2b.together import together
from b2b.workflow import create
from suppliers.bulk import add_products
from suppliers.demo.families import Listed, products, tables
from suppliers.models import Attribute, Category, CategoryCode, Product, Stock

UNSPSC = {"fasteners": "31160000", "bearings": "31171500", "cables": "26121600", "office": "44120000"}
EVERY_SEVENTH = 7
"""So many items are short in stock."""


def load(world: World) -> None:
    shelves = _shelves()
    for supplier, listed in _by_supplier().items():
        _stock_up(_catalogue(supplier, listed, shelves, world), world)
    _other_states(shelves, world)


def _by_supplier() -> dict[str, list[Listed]]:
    found: dict[str, list[Listed]] = defaultdict(list)
    for listed in products():
        found[listed.supplier].append(listed)
    return found


def _shelves() -> dict[str, Category]:
    shelves: dict[str, Category] = {}
    for told in tables()["category"]:
        shelves[told["code"]] = Category.objects.create(
            code=told["code"],
            name=told["name"],
            native_name=told["native"],
            parent=shelves.get(told.get("parent", "")),
            review_required=told.get("review", False),
            price_rise_limit=told.get("price_rise_limit"),
        )
        for asked in told.get("attribute", ()):
            _attribute(shelves[told["code"]], asked)
    CategoryCode.objects.bulk_create(
        CategoryCode(category=shelves[name], scheme="unspsc", code=code) for name, code in UNSPSC.items()
    )
    return shelves


def _attribute(shelf: Category, asked: dict[str, Any]) -> None:
    Attribute.objects.create(
        category=shelf,
        code=asked["code"],
        name=asked["name"],
        native_name=asked["native"],
        kind=asked.get("kind", "text"),
        unit=asked.get("unit", ""),
        allowed_values=asked.get("values", []),
        required=asked.get("required", False),
    )


def _catalogue(supplier: str, listed: list[Listed], shelves: dict[str, Category], world: World) -> list[Product]:
    """Uploaded by the supplier's sales, then listed; where the shelf asks for it, after the platform's review."""
    sales, reviewer = world.who(supplier, "sales"), world.who("control", "compliance")
    items = [
        Product(
            supplier=world[supplier], category=shelves[one.category], version=1, created_at=world.now,
            created_by_id=sales.user_id, **one.values,
        )
        for one in listed
    ]  # fmt: skip
    add_products(items, actor=sales)
    written = list(Product.objects.filter(supplier=world[supplier]).select_related("category").order_by("pk"))
    with together():
        for item in written:
            if item.needs_review():
                item.submit(actor=sales).approve(actor=reviewer)
            else:
                item.publish(actor=sales)
    return written


def _stock_up(items: list[Product], world: World) -> None:
    Stock.objects.bulk_create(
        Stock(product=item, on_hand=_on_hand(item, place, world), warn_below=item.moq, updated_at=world.now)
        for place, item in enumerate(items)
    )


def _on_hand(item: Product, place: int, world: World) -> Decimal:
    most = 1 if place % EVERY_SEVENTH == 0 else 40
    return Decimal(int(item.moq) * world.random.randint(0, most))


def _other_states(shelves: dict[str, Category], world: World) -> None:
    """A draft, one waiting for review, one sent back, one taken off the shelf, one given up."""
    sales, reviewer = world.who("rheinchem", "sales"), world.who("control", "compliance")
    _new(world, shelves, "RX-100", "Degreaser, water based, 10 l", "水基脱脂剂，10 升")
    _new(world, shelves, "RX-101", "Rust remover, 5 l", "除锈剂，5 升").submit(actor=sales)
    returned = _new(world, shelves, "RX-102", "Contact cleaner, 400 ml", "电气触点清洁剂，400 毫升").submit(actor=sales)
    returned.send_back(actor=reviewer, reason="The safety data sheet is missing.")
    for sku in ("PVS-XXL", "PHE-05"):
        gone = Product.objects.get(supplier=world["pennine"], sku=sku)
        gone.delist(actor=world.who("pennine", "sales"), reason="Out of stock until further notice.")
    old = Product.objects.get(supplier=world["kabelwerk"], sku="EPC-06")
    old.discontinue(actor=world.who("kabelwerk", "sales"))


def _new(world: World, shelves: dict[str, Category], sku: str, name: str, native_name: str) -> Product:
    item = Product(
        supplier=world["rheinchem"],
        category=shelves["chemicals"],
        sku=sku,
        name=name,
        native_name=native_name,
        unit="H87",
        attributes={"hazard": "irritant"},
    )
    return create(item, actor=world.who("rheinchem", "sales"))
