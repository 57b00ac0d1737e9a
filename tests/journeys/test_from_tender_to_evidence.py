"""A real tender, from the buyer's spreadsheet to a paid, scored and audited purchase."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from b2b.clockwork import take_due_steps
from b2b.journal import verify
from compliance.evidence import verify_evidence
from credit.recomputation import differences
from tests.journeys.clockwork import days_pass
from tests.journeys.tender import real_tender
from tests.journeys.walk import Walk

pytestmark = pytest.mark.django_db

EVERY_KIND = {
    "suppliers.qualification", "procurement.requestforquotation", "quotations.quotation", "quotations.bidopening",
    "quotations.award", "procurement.purchaseorder", "procurement.goodsreceipt", "procurement.invoice",
    "contracts.contract", "credit.creditaccount",
}  # fmt: skip


@pytest.fixture
def time_passes(deliver, do_jobs):
    """Days go by; the clock takes every due step, and the workers do what was asked for."""

    def pass_by(days: int = 0) -> None:
        days_pass(days)
        while take_due_steps() + deliver() + do_jobs():
            pass

    return pass_by


def test_a_tender_becomes_a_paid_scored_and_audited_purchase(time_passes, tmp_path):
    walk = Walk(real_tender(), time_passes)
    walk.agree_on_credit_and_bank()

    walk.publish()
    assert walk.state_of(walk.rfq) == "published"
    walk.quote()
    walk.open()
    assert walk.state_of(walk.rfq) == "under_evaluation"
    ranked_as_published(walk)

    walk.award()
    assert walk.state_of(walk.rfq) == "awarded"
    walk.order_goods()
    assert (walk.state_of(walk.order), walk.credit()) == ("acknowledged", (walk.total, 0))

    *early, late = walk.lines
    walk.receive(early)
    assert walk.state_of(walk.order) == "partially_received"
    time_passes(5)
    walk.receive([late])
    assert walk.state_of(walk.order) == "received"

    walk.bill()
    assert walk.state_of(walk.invoice, walk.accounts) == "matched"
    walk.accounts.post(f"{walk.invoice}/approve/")
    assert walk.credit() == (0, walk.total)
    walk.pay()
    assert (walk.state_of(walk.invoice, walk.accounts), walk.credit()) == ("paid", (0, 0))
    the_late_line_moved_the_score(walk, on_time=len(early))

    walk.write_contract()
    printed = walk.sign()
    assert walk.state_of(walk.contract) == "active"
    every_page_is_right(printed, walk)
    the_case_is_proven(walk, tmp_path)
    assert (verify(), differences()) == ([], [])


def ranked_as_published(walk: Walk) -> None:
    bidders = walk.buyer.get(f"/comparisons/{walk.rfq_id}/")["bidders"]
    ranked = sorted(bidders, key=lambda bidder: bidder["rank"])
    assert [bidder["supplier_name"] for bidder in ranked] == walk.tender.ranked


def the_late_line_moved_the_score(walk: Walk, *, on_time: int) -> None:
    between = {"supplier": str(walk.supplier.pk), "buyer": str(walk.state.pk)}
    (score,) = walk.buyer.get("/scores/", **between)["results"]
    facts = walk.buyer.get(f"/scores/{score['id']}/facts/", component="on_time_in_full", limit=200)["results"]
    assert sorted(Decimal(fact["mark"]) for fact in facts) == [0, *[1] * on_time]
    marks = {one["component"]: Decimal(one["score"]) for one in score["components"]}
    assert 0 < marks["on_time_in_full"] < 100


def every_page_is_right(printed: bytes, walk: Walk) -> None:
    """Every page says which it is of how many; every line and both languages are there."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages]
    for place, text in enumerate(pages, start=1):
        assert f"{place} of {len(pages)}" in text or f"{place} / {len(pages)}" in text, text[-300:]
    whole = " ".join("\n".join(pages).split())
    assert walk.buyer.get(f"{walk.contract}/")["number"] in whole
    assert "供应商对工程保修两年" in whole.replace(" ", "")
    assert all(str(line.number) in whole for line in walk.tender.proposal.lines)


def the_case_is_proven(walk: Walk, folder) -> None:
    """The parcel holds the whole case and verifies; with one byte changed it does not."""
    case = walk.auditor.get(f"/cases/{walk.rfq_id}/")
    assert {document["type"] for document in case["documents"]} >= EVERY_KIND
    happened = [entry["step"] for entry in walk.control.get(f"/cases/{walk.rfq_id}/timeline/")]
    assert [step for step in happened if step in {"approve", "open_bids", "confirm_award", "issue", "pay", "sign"}]

    parcel = folder / "case.zip"
    parcel.write_bytes(walk.control.download(f"/cases/{walk.rfq_id}/evidence/"))
    call_command("verify_evidence", str(parcel))
    forged = folder / "forged.zip"
    forged.write_bytes(_with_one_word_changed(parcel.read_bytes()))
    with pytest.raises(CommandError, match="is not as it was exported"):
        call_command("verify_evidence", str(forged))
    assert {finding.subject for finding in verify_evidence(forged.read_bytes())} == {"case.json"}


def _with_one_word_changed(parcel: bytes) -> bytes:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(parcel)) as whole, zipfile.ZipFile(changed, "w") as forged:
        for name in whole.namelist():
            content = whole.read(name)
            forged.writestr(name, content.replace(b"Resurfacing", b"Resurfaking") if name == "case.json" else content)
    return changed.getvalue()
