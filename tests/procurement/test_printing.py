from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader

from b2b.attachments import open_attachment
from b2b.models import Attachment
from procurement.models import OrderPrint
from procurement.printing import print_order
from tests.factories.b2b import OrganisationFactory, SupplierFactory
from tests.factories.credit import ActiveAccountFactory
from tests.factories.procurement import Trade, approved_order, issued_order, ordered, qualified

pytestmark = pytest.mark.django_db


def pages_of(printed, actor):
    _attachment, content = open_attachment(printed.attachment_id, actor)
    return [page.extract_text() for page in PdfReader(BytesIO(content.read())).pages]


def test_an_issued_order_is_printed_in_the_background_and_kept_by_its_hash(side, deliver):
    order = issued_order(side)

    deliver()

    printed = order.prints.get()
    _attachment, content = open_attachment(printed.attachment_id, side.sales)
    assert printed.order_version == order.version
    assert printed.sha256 == sha256(content.read()).hexdigest()


def test_the_print_says_what_was_ordered(side):
    order = issued_order(side, lines=ordered(2, item="Hex bolt M8x40"), note="Deliver to gate 3.")

    (page,) = pages_of(print_order(order), side.clerk)

    for said in (order.number, side.supplier.name, "Hex bolt M8x40", "Deliver to gate 3.", "357.00", "Page 1 of 1"):
        assert said in page


def test_a_chinese_supplier_gets_it_in_chinese():
    supplier = qualified(SupplierFactory(native_name="宁波海天紧固件有限公司", language="zh-hans"))
    buyer = OrganisationFactory()
    side = Trade(buyer, supplier, ActiveAccountFactory(buyer=buyer, supplier=supplier, limit=100_000))

    (page,) = pages_of(print_order(issued_order(side, lines=ordered(1, item="六角螺栓 M8"))), side.clerk)

    for said in ("采购订单", "宁波海天紧固件有限公司", "六角螺栓 M8"):
        assert said in page


def test_one_version_is_printed_once(side):
    order = issued_order(side)

    assert print_order(order) == print_order(order)
    assert (OrderPrint.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_long_order_numbers_its_pages(side):
    order = issued_order(side, lines=ordered(120))

    pages = pages_of(print_order(order), side.clerk)

    assert len(pages) > 2
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]


def test_the_print_is_read_by_both_sides_and_nobody_else(side):
    printed = print_order(issued_order(side))
    visible = Attachment.objects.visible_to

    assert [
        visible(actor).filter(pk=printed.attachment_id).count() for actor in (side.clerk, side.sales, side.rival)
    ] == [1, 1, 0]


def test_an_order_is_not_printed_before_it_is_issued(side, deliver):
    approved_order(side)

    deliver()

    assert OrderPrint.objects.count() == 0
