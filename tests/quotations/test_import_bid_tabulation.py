"""``import_bid_tabulation``: real documents, the product's own ranking, and a sentence for every difference."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from b2b import journal
from b2b.models import JournalEntry, Organisation
from procurement.models import RequestForQuotation, RFQLine
from quotations.comparison import comparison
from quotations.models import Quotation, QuotationLine, RecordedTabulation
from tests.factories.b2b import OrganisationFactory, SupplierFactory
from tests.quotations.tabulations import UNNUMBERED, numbered, unnumbered, workbook

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
BIDS = {"Eng Est": (0, {10: 5, 20: 6}), "Alpha, Inc.": (1, {10: 4, 20: 6}), "Beta Co": (2, {10: 5, 20: 7})}


def run(tmp_path, data, name="2022-05-11.xlsx", **options):
    path = tmp_path / name
    path.write_bytes(data)
    return command(path, **options)


def command(*paths, **options):
    out = StringIO()
    call_command("import_bid_tabulation", *map(str, paths), stdout=out, **options)
    return out.getvalue()


def test_each_proposal_becomes_an_rfq_with_quotations_at_the_published_prices(tmp_path):
    buyer = OrganisationFactory(name="Michigan")

    said = run(tmp_path, workbook(numbered(BIDS)), organisation="Michigan")

    rfq = RequestForQuotation.objects.get(buyer=buyer)
    assert (rfq.state, rfq.estimate, rfq.number) == ("under_evaluation", 1100, "RFQ-2022-000001")
    assert sorted(Quotation.objects.values_list("supplier__name", "state", "total")) == [
        ("Alpha, Inc.", "opened", 1000),
        ("Beta Co", "opened", 1200),
    ]
    assert sorted(
        QuotationLine.objects.filter(quotation__supplier__name="Beta Co").values_list("number", "unit_price")
    ) == [(10, 5), (20, 7)]
    assert "every rank is as published" in said
    assert "1 of 1 proposals rank every bidder as published; 1 of 1 are recorded." in said


def test_nothing_pretends_to_have_been_sealed_or_opened_here(tmp_path):
    run(tmp_path, workbook(numbered(BIDS)))

    entry = JournalEntry.objects.get(document_type="procurement.requestforquotation")
    assert (entry.step, entry.before, entry.after) == ("create", "", "under_evaluation")
    assert entry.inputs == {"recorded_from": "2022-05-11.xlsx", "sheet": "Sheet1", "row": 2}
    assert entry.request_id == "import_bid_tabulation"
    assert journal.verify() == []


def test_importing_twice_changes_nothing_and_says_so(tmp_path):
    first = run(tmp_path, workbook(numbered(BIDS)))
    counts = [
        model.objects.count()
        for model in (RequestForQuotation, RFQLine, Quotation, QuotationLine, Organisation, JournalEntry)
    ]

    again = run(tmp_path, workbook(numbered(BIDS)), name="copy of it.xlsx")

    assert "nothing changed" not in first
    assert "Recorded before; nothing changed." in again
    assert [
        model.objects.count()
        for model in (RequestForQuotation, RFQLine, Quotation, QuotationLine, Organisation, JournalEntry)
    ] == counts


def test_a_corrected_tabulation_is_another_one(tmp_path):
    run(tmp_path, workbook(numbered(BIDS)))

    run(tmp_path, workbook(numbered({**BIDS, "Beta Co": (2, {10: 5, 20: 8})})))

    assert RecordedTabulation.objects.count() == 2


def test_a_known_supplier_is_found_under_another_spelling(tmp_path):
    known = SupplierFactory(name="ALPHA INC")

    run(tmp_path, workbook(numbered(BIDS)))

    assert Quotation.objects.filter(supplier=known).exists()
    assert Organisation.objects.suppliers().count() == 2


def test_two_companies_that_differ_in_form_and_bid_against_each_other_are_two(tmp_path):
    run(tmp_path, workbook(numbered({"Alpha Inc": (1, {10: 4}), "Alpha LLC": (2, {10: 5})})))

    assert sorted(Organisation.objects.suppliers().values_list("name", flat=True)) == ["Alpha Inc", "Alpha LLC"]


def test_a_tie_is_a_tie_and_is_told(tmp_path):
    said = run(tmp_path, workbook(numbered({"Alpha": (1, {10: 5}), "Beta": (2, {10: 5}), "Gamma": (3, {10: 6})})))

    assert "2 of 3 ranks are as published" in said
    assert "Alpha, Beta bid the same total, 500.00, and so share rank 1; published are 1, 2." in said


def test_a_tie_published_as_a_tie_agrees(tmp_path):
    said = run(tmp_path, workbook(numbered({"Alpha": (1, {10: 5}), "Beta": (1, {10: 5}), "Gamma": (3, {10: 6})})))

    assert "every rank is as published" in said


def test_different_alternates_are_told(tmp_path):
    said = run(
        tmp_path,
        workbook(numbered({"Alpha": (1, {10: 5, 20: 9}), "Beta": (2, {10: 5, 30: 6}), "Gamma": (3, {10: 6, 20: 9})})),
    )

    assert "call 101, 11000-100: RFQ-2022-000001, 3 lines, 3 bidders; 1 of 3 ranks are as published." in said
    assert "Alpha, Gamma priced lines 20; Beta priced lines 30" in said
    assert "Among those who priced the same lines the order is as published." in said


def test_a_missing_bidder_is_told(tmp_path):
    said = run(tmp_path, workbook(numbered({"Alpha": (1, {10: 5}), "Gamma": (3, {10: 6})})))

    assert "Nobody in the file holds the published rank 2: rows of a bidder are missing." in said


def test_a_stated_total_the_lines_do_not_give_is_told(tmp_path):
    rows = unnumbered({"Alpha": (1, [("A", 1, 500.0)]), "Beta": (2, [("A", 1, 400.0)])})
    for row in rows:
        row[8], row[14] = 500.0, 600.0

    said = run(tmp_path, workbook(rows, heading=UNNUMBERED))

    assert "The file states a total of 600.00 for Beta; the lines sum to 400.00." in said


def test_an_order_without_a_ground_is_said_to_have_none(tmp_path):
    said = run(tmp_path, workbook(numbered({"Alpha": (1, {10: 6}), "Beta": (2, {10: 5})})))

    assert "the file gives no ground for it: Beta 500.00 (2); Alpha 600.00 (1)." in said


def test_a_bidder_without_rank_among_ranked_ones_is_out_of_the_running(tmp_path):
    said = run(tmp_path, workbook(numbered({"Alpha": ("Rejected", {10: 1}), "Beta": (1, {10: 5})})))

    assert "every rank is as published" in said
    out = Quotation.objects.get(supplier__name="Alpha")
    assert (out.state, out.disqualification_reason) == (
        "disqualified",
        "The tabulation says “Rejected” in place of a rank.",
    )


def test_without_any_rank_the_product_ranks_and_says_that_none_is_published(tmp_path):
    said = run(tmp_path, workbook(numbered({"Alpha": ("", {10: 6}), "Beta": ("", {10: 5})})))

    assert "no rank is published" in said
    compared = comparison(RequestForQuotation.objects.get())
    assert [(bidder.supplier, bidder.rank) for bidder in compared.bidders] == [("Beta", 1), ("Alpha", 2)]


def test_a_faulty_proposal_is_named_and_the_others_are_recorded(tmp_path):
    rows = [*numbered(BIDS), *numbered(BIDS, proposal="22000-200")]
    rows[-1][8] = "seven"
    path = tmp_path / "2022-05-11.xlsx"
    path.write_bytes(workbook(rows))
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("import_bid_tabulation", str(path), stdout=out)

    assert "call 101, 22000-200: not recorded." in out.getvalue()
    assert "Sheet1, row 13: price: “seven” is not a number." in out.getvalue()
    assert RecordedTabulation.objects.get().reference == "call 101, 11000-100"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("broken.xlsx", b"PK\x03\x04 not a workbook"),
        ("broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("text.xlsx", b"hello"),
        ("empty.xlsx", b""),
        ("picture.pdf", b"%PDF-1.7"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_a_sentence(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("import_bid_tabulation", str(path), stdout=out)

    assert len(out.getvalue().splitlines()) == 2
    assert not RequestForQuotation.objects.exists()


def test_an_unknown_organisation_is_refused(tmp_path):
    with pytest.raises(CommandError, match="Nowhere"):
        run(tmp_path, workbook(numbered(BIDS)), organisation="Nowhere")


# --- The real ones ------------------------------------------------------------------------------
def real(*patterns):
    return sorted(path for pattern in patterns for path in SHARED.glob(pattern))


@pytest.mark.skipif(not SHARED.exists(), reason="the optional data folder ../shared/data is not here")
def test_every_published_rank_of_the_real_lettings_is_the_comparisons_own_or_explained():
    said = command(*real("bids_mdot/*.xlsx", "bids_indot/*.xls"))

    proposals = [line for line in said.splitlines() if ": RFQ-" in line]
    differing = [line for line in proposals if "every rank is as published" not in line]
    assert len(proposals) == 9
    assert ["call 202, 65041-125856" in line for line in differing] == [True]
    assert (
        "priced lines 70, 80, 90; Rieth-Riley Construction Co., Inc., Payne & Dolan Inc. priced lines 100, 110, 120"
        in said
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the optional data folder ../shared/data is not here")
def test_the_real_lettings_imported_twice_are_there_once():
    paths = real("bids_mdot/*.xlsx", "bids_indot/*.xls")
    command(*paths)
    counts = Quotation.objects.count(), QuotationLine.objects.count()

    said = command(*paths)

    assert said.count("Recorded before; nothing changed.") == 9
    assert (Quotation.objects.count(), QuotationLine.objects.count()) == counts
    assert (
        not Quotation.objects.filter(supplier__name__icontains="est").filter(supplier__name__istartswith="eng").exists()
    )
