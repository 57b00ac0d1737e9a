from __future__ import annotations

import pytest
from django.db import connection

from suppliers.models import Product, SearchWord
from suppliers.queries.search import matching, mend, suggested_names
from tests.factories.b2b import SupplierFactory
from tests.factories.suppliers import ListedProductFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier():
    return SupplierFactory()


@pytest.fixture
def catalogue(supplier):
    rows = {
        "bolt": ("HX-M8-40", "Hexagon bolt M8x40, galvanised", "六角螺栓 M8×40 镀锌"),
        "nut": ("NT-M8", "Hexagon nut M8", "六角螺母"),
        "screw": ("SC-5", "Socket head cap screw", "内六角螺钉"),
        "pump": ("CP-100", "Centrifugal pump 5.5 kW", "离心泵"),
        "lamp": ("LL-7", "LED panel lamp", "LED面板灯"),
        "glove": ("GL-9", "Safety gloves, leather", "皮革安全手套"),
    }
    return {
        key: ListedProductFactory(supplier=supplier, sku=sku, name=name, native_name=native)
        for key, (sku, name, native) in rows.items()
    }


def found(text, catalogue):
    keys = {product.pk: key for key, product in catalogue.items()}
    return [keys[hit.product_id] for hit in matching(text, Product.objects.all()).ranked]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hexagon", {"bolt", "nut"}),
        ("bolts", {"bolt"}),
        ("galvanized bolt", {"bolt"}),
        ("glove leather", {"glove"}),
        ("hexagon pump", set()),
        ("PUMP", {"pump"}),
        ("5.5 kW", {"pump"}),
    ],
)
def test_english_words_are_found_in_any_form_and_all_must_be_there(text, expected, catalogue):
    assert set(found(text, catalogue)) == expected


@pytest.mark.parametrize(
    "text", ["HX-M8-40", "hxm840", "hx m840", "m8 40", "M8x40", "M8×40", "m8*40", "m840", "ＨＸ－Ｍ８－４０", "hx-m8-4"]
)
def test_a_part_number_is_found_however_it_is_typed(text, catalogue):
    assert found(text, catalogue) == ["bolt"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("螺栓", {"bolt"}),
        ("六角", {"bolt", "nut", "screw"}),
        ("六角螺栓", {"bolt"}),
        ("角螺", {"bolt", "nut", "screw"}),
        ("泵", {"pump"}),
        ("离", {"pump"}),
        ("手套", {"glove"}),
        ("安全 皮革", {"glove"}),
        ("LED灯", {"lamp"}),
        ("螺栓 m8", {"bolt"}),
        ("镀锌螺栓", {"bolt"}),
        ("轴承", set()),
    ],
)
def test_chinese_is_found_by_one_character_by_two_and_by_more(text, expected, catalogue):
    assert set(found(text, catalogue)) == expected


def test_one_wrong_chinese_character_is_forgiven_where_nothing_else_is_found(catalogue):
    assert set(found("皮革安金手套", catalogue)) == {"glove"}
    assert found("离心磅机组", catalogue) == []


def test_a_misspelt_word_is_mended_by_the_catalogues_own_words(catalogue):
    hits = matching("centrifgal pumb", Product.objects.all())

    assert hits.mended == "centrifugal pump"
    assert [hit.product_id for hit in hits.ranked] == [catalogue["pump"].pk]
    assert mend("hexagon pump") == ""


def test_what_is_meant_exactly_comes_first_then_what_begins_so(supplier):
    words = ListedProductFactory(supplier=supplier, sku="X-1", name="Cover for the ball valve of a pump")
    begins = ListedProductFactory(supplier=supplier, sku="X-2", name="Ball valve DN50")
    exact = ListedProductFactory(supplier=supplier, sku="X-3", name="Ball valve")

    ranked = [hit.product_id for hit in matching("ball valve", Product.objects.all()).ranked]

    assert ranked == [exact.pk, begins.pk, words.pk]


def test_a_search_stays_within_the_rows_it_is_given(catalogue):
    ProductFactory(name="Hexagon bolt, secret")

    hits = matching("hexagon bolt", Product.objects.filter(state="listed"))

    assert [hit.product_id for hit in hits.ranked] == [catalogue["bolt"].pk]


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "'", "\\", "& | !", ":*", "the of", "%_", "'); DROP TABLE", "x" * 5000, "，。"]
)
def test_what_holds_nothing_to_search_by_finds_nothing_and_breaks_nothing(text, catalogue):
    assert found(text, catalogue) == []


def test_a_changed_name_is_found_and_the_old_one_is_not(catalogue):
    pump = catalogue["pump"]
    Product.objects.filter(pk=pump.pk).update(name="Vacuum blower", native_name="真空风机")

    assert found("风机", catalogue) == ["pump"]
    assert found("blower", catalogue) == ["pump"]
    assert found("centrifugal", catalogue) == []
    assert SearchWord.objects.filter(word="blower").count() == 1


def test_the_database_sees_chinese_letters_as_letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('六角螺栓')), suppliers_search_plain('螺栓-M8')")
        trigrams, plain = cursor.fetchone()

    assert trigrams > 0
    assert plain.split() == ["螺栓", "m8"]


def test_a_search_reads_the_index_even_when_words_are_common_apart_and_rare_together(supplier):
    Product.objects.bulk_create(
        Product(supplier=supplier, sku=f"{n}", name="Red bolt" if n % 2 else "Blue nut", unit="H87") for n in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE suppliers_product")

    matching("red nut", Product.objects.all())
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT id FROM suppliers_product WHERE search @@ suppliers_search_query('red nut', false) LIMIT 1000"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())

    assert "product_search" in plan


def test_suggestions_are_names_that_begin_with_what_is_typed(catalogue):
    assert suggested_names("hex", Product.objects.all(), most=5) == ["Hexagon nut M8", "Hexagon bolt M8x40, galvanised"]
    assert suggested_names("六角", Product.objects.all(), most=1) == ["Hexagon nut M8"]
    assert suggested_names("?", Product.objects.all(), most=5) == []
