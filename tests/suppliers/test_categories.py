from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from b2b.errors import Invalid
from suppliers.categories import move
from suppliers.models import Category
from suppliers.models.values import attribute_faults
from tests.factories.suppliers import AttributeFactory, CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def codes(rows):
    return sorted(rows.values_list("code", flat=True))


@pytest.fixture
def tree():
    root = CategoryFactory(code="hardware")
    bolts = CategoryFactory(code="bolts", parent=root)
    hexagon = CategoryFactory(code="hexagon", parent=bolts)
    return root, bolts, hexagon


def test_the_tree_is_read_downwards_and_upwards(tree):
    root, bolts, hexagon = tree

    assert codes(Category.objects.under(bolts.pk)) == ["bolts", "hexagon"]
    assert codes(Category.objects.over(hexagon.pk)) == ["bolts", "hardware", "hexagon"]
    assert codes(Category.objects.under(root.pk)) == ["bolts", "hardware", "hexagon"]


def test_a_fourth_level_is_refused_by_the_database(tree):
    with pytest.raises(IntegrityError, match="category_at_most_three_levels"), transaction.atomic():
        CategoryFactory(parent=tree[2])

    assert Category.objects.count() == 3


def test_a_branch_moves_with_everything_below_it(tree):
    _root, bolts, hexagon = tree
    fasteners = CategoryFactory(code="fasteners")

    move(bolts, to=fasteners)

    assert codes(Category.objects.under(fasteners.pk)) == ["bolts", "fasteners", "hexagon"]
    assert Category.objects.get(pk=hexagon.pk).lineage == [fasteners.pk, bolts.pk, hexagon.pk]

    move(bolts, to=None)

    assert [(one.code, one.depth) for one in Category.objects.under(bolts.pk).order_by("depth")] == [
        ("bolts", 1),
        ("hexagon", 2),
    ]


def test_a_branch_moves_neither_under_itself_nor_too_deep(tree):
    root, bolts, hexagon = tree
    deep = CategoryFactory(parent=CategoryFactory())

    for category, to in ((root, hexagon), (bolts, deep)):
        with pytest.raises(Invalid):
            move(category, to=to)

    assert Category.objects.get(pk=hexagon.pk).lineage == [root.pk, bolts.pk, hexagon.pk]


def test_attributes_are_asked_of_a_category_and_of_those_it_lies_in(tree):
    root, _bolts, hexagon = tree
    AttributeFactory(category=root, code="material", kind="choice", allowed_values=["steel", "brass"], required=True)
    AttributeFactory(category=hexagon, code="length", kind="number", unit="MMT")
    product = ProductFactory(category=hexagon, attributes={"length": "forty", "colour": "red"})

    faults = [(fault.pointer, fault.code) for fault in product.attribute_faults()]

    assert sorted(faults) == [
        ("#/attributes/colour", "attribute-unknown"),
        ("#/attributes/length", "attribute-value"),
        ("#/attributes/material", "attribute-missing"),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "sound"),
    [
        ("text", "M8", True),
        ("text", "", False),
        ("text", 8, False),
        ("number", "40.5", True),
        ("number", 40.5, False),
        ("number", "1e9", False),
        ("choice", "steel", True),
        ("choice", "gold", False),
        ("boolean", True, True),
        ("boolean", "yes", False),
    ],
)
def test_a_value_is_of_the_attributes_kind(kind, value, sound):
    attribute = AttributeFactory(code="a", kind=kind, allowed_values=["steel"])

    assert list(attribute_faults({"a": value}, [attribute])) is not sound
