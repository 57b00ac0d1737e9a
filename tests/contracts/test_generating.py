"""The PDF says what the contract says: read back page by page, in both languages."""

from __future__ import annotations

import hashlib
import io
import json
from decimal import Decimal

import pytest
from pypdf import PdfReader

from b2b import contents
from b2b.models import Job
from contracts.composing import Composition
from contracts.content import canonical, content_of, sha256_of
from contracts.generating import draw, generate
from contracts.models import Contract, ContractVersion
from contracts.price_line import PriceLine
from contracts.starting_library import load
from tests.factories.b2b import PlatformFactory, member
from tests.factories.contracts import ContractFactory, approved, parties

pytestmark = pytest.mark.django_db

FIELDS = {
    "warranty_months": "24",
    "delay_percent": "0.5",
    "liability_percent": "100",
    "governing_law": "the laws of Germany",
    "arbitration": "DIS, seat Hamburg",
}
CHINESE_FIELDS = {"governing_law": "德国法律", "arbitration": "DIS，仲裁地汉堡"}


def full_side(count: int, **values):
    """The platform's own template, and so many price lines in both scripts."""
    platform = PlatformFactory()
    template = load(writer=member(platform, "compliance"), approver=member(platform, "compliance"))
    lines = [
        PriceLine(
            number=number,
            item="六角螺栓 GB/T 5782 M8 × 40" if number % 2 else "Hexagon nut ISO 4032 M8 & <washer>",
            code=f"FX-{number:05}",
            unit="H87",
            unit_price=Decimal("0.0125") * number,
            quantity=Decimal(1000),
        )
        for number in range(1, count + 1)
    ]
    composition = Composition(template=template.current(), fields=FIELDS, chinese_fields=CHINESE_FIELDS, lines=lines)
    return parties(ContractFactory(title="", chinese_title="", composition=composition, **values))


def read(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """Without spaces and line ends, where a reader of a page sees none either; hyphens at line ends are gone too."""
    return "".join(text.replace("-\n", "").split())


def test_the_contract_as_generated_can_be_read_page_by_page(do_jobs):
    side = full_side(60, ceiling=Decimal(100_000))
    approved(side)

    assert do_jobs() == 1

    contract = Contract.objects.get(pk=side.contract.pk)
    version = contract.issued
    assert contract.state == "awaiting_signature"
    pdf = contents.open_verified(version.pdf_sha256).read()
    assert hashlib.sha256(pdf).hexdigest() == version.pdf_sha256
    pages = read(pdf)
    assert len(pages) == version.pages > 5
    for number, page in enumerate(pages, start=1):
        assert squeezed(f"Page {number} of {len(pages)}|第{number}页，共{len(pages)}页") in squeezed(page)
        assert version.content_sha256 in squeezed(page)
        assert contract.number in page
    assert_says_everything(squeezed("\n".join(pages)), contract)
    assert Job.objects.get().result == {"contract": str(contract.pk), "sha256": version.pdf_sha256}


def assert_says_everything(told: str, contract: Contract) -> None:
    content = content_of(contract, version=1)
    said = [
        contract.title,
        contract.chinese_title,
        "Nordwerk GmbH",
        "北工有限公司",
        "宁波紧固件有限公司",
        "€100,000.00",
    ]
    said += [f"{clause['number']} {clause['title']}" for clause in content["clauses"]]
    said += [clause["chinese_title"] for clause in content["clauses"]]
    said += ["This contract is governed by the laws of Germany.", "本合同适用德国法律。", "60", "FX-00060", "750.00"]
    said += ["Hexagon nut ISO 4032 M8 & <washer>", "六角螺栓 GB/T 5782 M8 × 40", "Total 合计"]
    assert [text for text in said if squeezed(text) not in told] == []
    assert "{{" not in told
    assert [code for number in range(1, 61) if (code := f"FX-{number:05}") not in told] == []
    first, last = told.index("1Definitions"), told.index("14Languagesandfinalprovisions")
    assert 0 < first < last < told.index("Annex1:prices")


def test_the_content_travels_inside_the_pdf_for_machines_and_has_the_hash_on_the_page():
    contract = full_side(3).contract
    content = content_of(contract, version=1)

    drawn = draw(content, dated=contract.created_at)

    (enclosed,) = PdfReader(io.BytesIO(drawn.pdf)).attachments["contract.json"]
    assert enclosed == canonical(content)
    assert hashlib.sha256(enclosed).hexdigest() == sha256_of(content)
    assert json.loads(enclosed)["lines"][1]["item"] == "Hexagon nut ISO 4032 M8 & <washer>"
    assert draw(content, dated=contract.created_at).sha256 == drawn.sha256
    assert drawn.missing == ""


def test_a_text_that_looks_like_a_page_is_printed_as_text():
    side = parties(title="<img src='http://127.0.0.1/x'> {% now 'Y' %} & Söhne", chinese_title="<b>协议</b>")

    pages = read(draw(content_of(side.contract, version=1), dated=side.contract.created_at).pdf)

    assert squeezed("<img src='http://127.0.0.1/x'> {% now 'Y' %} & Söhne") in squeezed(pages[0])
    assert "<b>协议</b>" in squeezed(pages[0])


def test_the_same_content_has_the_same_hash_whatever_the_columns_scale():
    contract = ContractFactory(ceiling=Decimal("5000.0000"))
    before = sha256_of(content_of(contract, version=1))

    contract.ceiling = Decimal(5000)

    assert sha256_of(content_of(contract, version=1)) == before
    assert sha256_of(content_of(contract, version=2)) != before


def test_a_contract_that_moved_on_while_it_was_drawn_keeps_its_state():
    side = parties()
    contract = approved(side)
    contract.cancel(actor=side.clerk, reason="Not needed.")

    assert generate(contract.pk) is None

    assert (Contract.objects.get(pk=contract.pk).state, ContractVersion.objects.count()) == ("cancelled", 0)
