"""A case is everything around one piece of business, as far as its reader may see it."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from pypdf import PdfReader

from b2b.errors import NotFound
from compliance.cases import case_of, timeline
from compliance.evidence import NoEvidence, export, verify_evidence
from tests.factories.b2b import OrganisationFactory, PlatformFactory, member
from tests.factories.procurement import received_order, trade
from tests.factories.quotations import bid, opened_tender, tender

pytestmark = pytest.mark.django_db


def kinds(case) -> list[str]:
    return [document._meta.model_name for document in case.documents]


def test_a_case_is_found_from_its_rfq_and_holds_quotations_and_opening():
    side = opened_tender({1: "2", 2: "3"}, {1: "3", 2: "4"})

    case = case_of(side.rfq.pk, actor=side.controller)

    assert sorted(kinds(case)) == [
        "bidopening", "qualification", "qualification", "quotation", "quotation", "requestforquotation",
    ]  # fmt: skip


def test_a_case_may_begin_with_an_order_made_by_hand():
    side = trade()
    order = received_order(side)

    case = case_of(order.pk, actor=side.controller)

    assert kinds(case) == ["purchaseorder", "qualification", "goodsreceipt", "creditaccount"]


def test_a_strangers_control_staff_finds_no_case():
    side = tender()

    with pytest.raises(NotFound):
        case_of(side.rfq.pk, actor=member(OrganisationFactory(), "compliance"))


def test_the_timeline_tells_everything_in_the_order_it_happened():
    side = tender()

    happened = timeline(case_of(side.rfq.pk, actor=side.controller))

    of_the_rfq = [(one.entry.step, one.label) for one in happened if one.document == side.rfq]
    assert of_the_rfq == [("create", "Created"), ("publish", "Publish")]
    assert [one.entry.pk for one in happened] == sorted(one.entry.pk for one in happened)


def test_no_sealed_price_is_in_the_evidence_before_the_opening():
    side = tender(1)
    bid(side, 0, {1: "7654.321", 2: "1"})

    for reader in (side.controller, member(PlatformFactory(), "auditor")):
        parcel = export(case_of(side.rfq.pk, actor=reader))
        with zipfile.ZipFile(io.BytesIO(parcel)) as archive:
            told = {name: archive.read(name) for name in archive.namelist()}
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(told["case.pdf"])).pages)
        assert side.rfq.number in text
        # With its decimals: four digits alone also turn up in a hash by chance.
        assert [name for name, content in told.items() if b"7654.32" in content or b"7,654.32" in content] == []
        assert "7654.32" not in text
        assert "7,654.32" not in text


@pytest.fixture
def parcel() -> bytes:
    side = opened_tender({1: "2", 2: "3"})
    return export(case_of(side.rfq.pk, actor=side.controller))


def rewritten(parcel: bytes, **changes: bytes | None) -> bytes:
    """The parcel with files exchanged, or left out where the change is ``None``."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(parcel)) as whole, zipfile.ZipFile(changed, "w") as forged:
        for name in whole.namelist():
            content = changes.get(name.replace(".", "_"), whole.read(name))
            if content is not None:
                forged.writestr(name, content)
    return changed.getvalue()


def test_an_exported_parcel_verifies_by_itself(parcel):
    assert verify_evidence(parcel) == []


def test_a_left_out_file_is_named(parcel):
    assert [str(finding) for finding in verify_evidence(rewritten(parcel, case_pdf=None))] == [
        "case.pdf: it is missing"
    ]


def test_a_journal_with_a_changed_entry_is_found_twice(parcel):
    with zipfile.ZipFile(io.BytesIO(parcel)) as whole:
        journal = json.loads(whole.read("journal.json"))
    journal["entries"][0]["text"] = journal["entries"][0]["text"].replace("create", "delete")

    findings = verify_evidence(rewritten(parcel, journal_json=json.dumps(journal).encode()))

    assert [str(finding) for finding in findings] == [
        "journal.json: it is not the file that was exported",
        f"entry {journal['entries'][0]['id']}: its content is not what was written",
    ]


@pytest.mark.parametrize("file", [b"", b"PK\x03\x04 but no zip", b"%PDF-1.7"])
def test_what_is_no_parcel_is_refused_with_a_sentence(file):
    with pytest.raises(NoEvidence):
        verify_evidence(file)


def test_a_zip_of_something_else_is_refused(parcel):
    with pytest.raises(NoEvidence, match="damaged or was not exported here"):
        verify_evidence(rewritten(parcel, manifest_json=b"[]"))


def test_only_control_staff_reads_cases(client_of):
    side = tender()

    answers = {
        role: client_of(side.buyer, role).get(f"/api/v1/cases/{side.rfq.pk}/").status_code
        for role in ("buyer", "buying_manager", "admin", "compliance", "auditor")
    }

    assert answers == {"buyer": 403, "buying_manager": 403, "admin": 403, "compliance": 200, "auditor": 200}
