"""One export of a Chinese ERP, forty-five columns wide, brought as the catalogue, as prices and as stock."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from b2b.sheets.exporting import export_to
from b2b.uploads.formats import format_of
from b2b.uploads.mapping import proposals
from b2b.uploads.models import Upload
from b2b.uploads.surveying import tables_of
from suppliers.models import Price, PriceList, Product, Stock
from tests.b2b.workbooks import xlsx
from tests.factories.suppliers import CategoryFactory, ProductFactory
from tests.uploads_proof.sending import Sending, conversions, fault_codes, left_out

pytestmark = pytest.mark.django_db

HEADINGS = [
    "序号",
    "物料编码",
    "物料名称",
    "规格型号",
    "助记码",
    "物料分组",
    "物料属性",
    "存货类别",
    "基本单位",
    "库存单位",
    "采购单位",
    "销售单位",
    "辅助单位",
    "换算率",
    "税率",
    "含税单价",
    "不含税单价",
    "币别",
    "品牌",
    "产地",
    "材质",
    "颜色",
    "重量(kg)",
    "长(mm)",
    "宽(mm)",
    "高(mm)",
    "体积",
    "条形码",
    "图号",
    "供应商",
    "供应商料号",
    "最小订货量",
    "最小包装量",
    "采购提前期(天)",
    "安全库存",
    "最高库存",
    "现存量",
    "可用量",
    "仓库",
    "仓位",
    "批号管理",
    "保质期(天)",
    "英文名称",
    "备注",
    "创建日期",
]
PLACES = {heading: place for place, heading in enumerate(HEADINGS, start=1)}
KEPT = 5


def row(number: int) -> tuple[Any, ...]:
    said = {
        "序号": number, "物料编码": f"10.02.{number:04d}", "物料名称": f"六角螺栓 M{number}×40", "规格型号": "8.8级",
        "物料分组": "紧固件/螺栓", "物料属性": "外购", "基本单位": "Pcs", "库存单位": "Pcs", "采购单位": "Pcs", "销售单位": "箱", "辅助单位": "箱",
        "换算率": 500, "税率": "13%", "含税单价": Decimal("1.13") * number * 500, "不含税单价": 500 * number,
        "币别": "人民币", "品牌": "海茂", "最小订货量": 1000, "最小包装量": 500, "采购提前期(天)": 7, "安全库存": 5000,
        "现存量": 1200 * number, "可用量": 1000 * number, "英文名称": f"Hexagon bolt M{number}x40", "创建日期": "2026-01-05",
    }  # fmt: skip
    return tuple(said.get(heading) for heading in HEADINGS)


@pytest.fixture
def erp() -> bytes:
    total = tuple("合计" if place == 1 else None for place in range(1, len(HEADINGS) + 1))
    head = [("金蝶云星空 物料列表",), ("导出时间：2026-11-20",), tuple(HEADINGS)]
    return xlsx([*head, *map(row, range(1, KEPT + 1)), total])


def asked(upload: Upload) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Which heading was taken for which column, and what is asked."""
    proposal = proposals(upload, tables_of(upload))[0]
    return (
        {name: HEADINGS[match.place - 1] for name, match in proposal.matches.items()},
        [(one.code, one.about.get("column", "")) for one in proposal.questions],
    )


def exported(sender: Sending) -> bytes:
    declared, file = format_of(sender.code), BytesIO()
    organisation_id = sender.actor.acts_for
    export_to(file, declared.sheet, declared.rows(organisation_id=organisation_id, target=None, actor=sender.actor))
    return file.getvalue()


def brought(sender: Sending, erp: bytes, columns: dict[str, str], **layout: Any) -> Upload:
    places = {name: PLACES[heading] for name, heading in columns.items()}
    return sender.confirm(sender.file(erp, "物料.xlsx"), places, table="Sheet1", header_rows=[3], **layout)


def test_its_items_become_the_catalogue(
    sending: Callable[..., Sending], do_jobs: Callable[[], int], erp: bytes
) -> None:
    CategoryFactory(
        code="bolts", name="Bolts", native_name="螺栓", parent=CategoryFactory(code="f", native_name="紧固件")
    )
    sender = sending("catalogue")
    taken, questions = asked(sender.file(erp, "物料.xlsx"))

    upload = brought(sender, erp, taken | {"unit": "基本单位", "native_name": "物料名称", "name": "英文名称"})

    upload.apply(actor=sender.actor)
    do_jobs()

    assert taken.items() >= {"sku": "物料编码", "moq": "最小订货量", "lead_time_days": "采购提前期(天)"}.items()
    assert sorted(questions) == [("column-twice", "unit"), ("column-unsure", "category")]
    assert (upload.counts, fault_codes(upload)) == ({"new": KEPT, "left_out": 3}, {})
    assert conversions(upload) == {"Unit": KEPT}
    assert left_out(upload) == {1: "title", 2: "title", 9: "total"}
    item = Product.objects.get(sku="10.02.0002")
    assert (item.name, item.native_name, item.unit, item.moq) == ("Hexagon bolt M2x40", "六角螺栓 M2×40", "H87", 1000)
    assert item.category is not None
    assert item.category.code == "bolts"
    assert sender.file(exported(sender), "again.xlsx").counts == {"unchanged": KEPT}


def test_its_prices_for_a_carton_are_kept_for_the_pieces_in_it(
    sending: Callable[..., Sending], do_jobs: Callable[[], int], erp: bytes
) -> None:
    sender = sending("prices")
    for number in range(1, KEPT + 1):
        packages = {"XCS": "500"} if number > 1 else {}
        ProductFactory(
            supplier_id=sender.actor.organisation_id, sku=f"10.02.{number:04d}", unit="H87", packages=packages
        )
    taken, questions = asked(sender.file(erp, "物料.xlsx"))
    columns = {"sku": "物料编码", "unit_price": "不含税单价", "currency": "币别", "unit": "销售单位"}

    upload = brought(sender, erp, columns)
    upload.apply(actor=sender.actor, only_valid=True)
    do_jobs()

    assert taken.items() >= {"unit_price": "不含税单价", "currency": "币别"}.items()
    assert ("column-twice", "unit") in questions
    assert (upload.counts, fault_codes(upload)) == ({"new": 4, "faulty": 1, "left_out": 3}, {"package-unknown": 1})
    assert conversions(upload) == {"Currency": KEPT, "Unit price": 4}
    prices = Price.objects.order_by("product__sku").values_list("min_quantity", "unit_price", "price_base_quantity")
    assert list(prices) == [(500, 500 * number, 500) for number in range(2, KEPT + 1)]
    assert PriceList.objects.get().currency == "CNY"
    assert sender.file(exported(sender), "again.xlsx").counts == {"unchanged": 4}


def test_its_stock_is_what_is_on_hand_and_not_what_is_free(
    sending: Callable[..., Sending], do_jobs: Callable[[], int], erp: bytes
) -> None:
    sender = sending("stock")
    for number in range(1, KEPT + 1):
        ProductFactory(supplier_id=sender.actor.organisation_id, sku=f"10.02.{number:04d}")
    taken, questions = asked(sender.file(erp, "物料.xlsx"))

    upload = brought(sender, erp, taken | {"on_hand": "现存量"})
    upload.apply(actor=sender.actor)
    do_jobs()

    assert (taken["warn_below"], questions) == ("安全库存", [("column-twice", "on_hand")])
    assert (upload.counts, fault_codes(upload), conversions(upload)) == ({"new": KEPT, "left_out": 3}, {}, {})
    assert list(Stock.objects.order_by("product__sku").values_list("on_hand", "warn_below")) == [
        (1200 * number, 5000) for number in range(1, KEPT + 1)
    ]
    assert sender.file(exported(sender), "again.xlsx").counts == {"unchanged": KEPT}
