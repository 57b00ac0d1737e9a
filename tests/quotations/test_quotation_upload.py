"""A quotation by a reviewed table: several offers and tiers, bound to its supplier, and sealed all the way."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core import signing
from django.db import connection
from openpyxl import load_workbook

from b2b.errors import Blocked, Invalid, NotAllowed, NotFound
from b2b.sheets.exporting import export
from b2b.uploads import changes as applied_changes
from b2b.uploads.formats import format_of
from b2b.uploads.mending import mend
from b2b.uploads.models import Upload
from quotations.models import QuotationLine
from quotations.offer import Alternative, OfferedLine, Tier
from quotations.saving import save_offer
from quotations.sheets.answering import offer_rows
from quotations.sheets.quotation import OPEN_COLUMNS, QuotationSession, QuotationSheet
from quotations.sheets.workbook_token import token_of
from tests.factories.b2b import PlatformFactory
from tests.factories.quotations import close, open_all, save, tender
from tests.procurement.sheets.bringing import Bringing, changes, faults, outcomes

pytestmark = pytest.mark.django_db
HEAD = ("Line", "Unit price", "No bid", "Lead time", "Remark", "From quantity", "Alternative")
PRICE = "7346.918253"
PIECES = ("7346.91", "7346,91", "734691", "7,346.91", "zylindrisch")


@pytest.fixture
def side():
    side = tender(2)
    for place in range(2):
        side.quotation(place).start(actor=side.seller(place))
    return side


@pytest.fixture
def quoting(side, do_jobs):
    return Bringing("quotation", side.seller(), do_jobs, side.quotation())


def given_out(quotation):
    rows, token = offer_rows(quotation.rfq, quotation.offer()), {"token": token_of(quotation)}
    return export(QuotationSheet, rows, language="en", unlocked=OPEN_COLUMNS, metadata=token)


def filled_in(quotation, cells):
    book = load_workbook(BytesIO(given_out(quotation)))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_several_offers_with_tiers_become_the_sealed_offer(quoting, side):
    upload = quoting.applied(
        HEAD,
        (1, 12.5, None, 14, "ex stock", None, None),
        (1, 11, None, None, None, 100, None),
        (1, 9, None, None, None, 500, None),
        (1, 10, None, 30, "A4 steel", None, "Brand X"),
        (1, 8, None, None, None, 100, "Brand X"),
        (2, None, "yes", None, None, None, None),
    )

    quotation = side.quotation()
    assert (upload.state, upload.problem) == ("applied", None)
    assert quotation.offer().lines == {
        1: OfferedLine(
            Decimal("12.5"), False, 14, "ex stock", (Tier(Decimal(100), Decimal(11)), Tier(Decimal(500), Decimal(9))),
            (Alternative("Brand X", Decimal(10), 30, "A4 steel", (Tier(Decimal(100), Decimal(8)),)),),
        ),
        2: OfferedLine(no_bid=True),
    }  # fmt: skip
    assert not QuotationLine.objects.exists()


def test_the_price_that_counts_is_the_one_for_the_quantity_asked(quoting, side):
    quoting.applied(HEAD, (1, 12.5, None, None, None, None, None), (1, 11, None, None, None, 100, None),
                    (1, 5, None, None, None, 101, None), (1, 3, None, None, None, None, "Brand X"),
                    (2, None, "yes", None, None, None, None))  # fmt: skip
    quotation = side.quotation()
    save(quotation, side.seller(), {})
    quotation.submit(actor=side.seller())
    open_all(side)

    line = QuotationLine.objects.get(quotation=quotation, number=1)
    assert (line.unit_price, line.amount) == (11, 1100)
    assert [tier["from_quantity"] for tier in line.tiers] == ["100", "101"]
    assert [one["name"] for one in line.alternatives] == ["Brand X"]


def test_the_own_workbook_comes_back_with_rows_added_below(quoting, side):
    upload = quoting.file(filled_in(side.quotation(), {"E2": 12.5, "G2": 14, "F3": "yes", "A4": 1, "E4": 9, "I4": 500}))

    assert outcomes(upload) == [(2, "changed"), (3, "changed"), (4, "new")]
    assert changes(upload)[2] == {"unit_price": (None, "12.5"), "lead_time_days": (None, 14)}
    quoting.apply(upload)
    assert side.quotation().offer().lines[1].price_for(Decimal(500)) == 9


def test_what_is_exported_comes_back_unchanged_and_protected(quoting, side):
    quoting.applied(HEAD, (1, 12.5, None, 14, "ex; stock", None, None), (1, 11, None, None, None, "0.5", None),
                    (1, 10, None, 30, None, None, "Brand “X”"), (1, 8, None, None, None, 100, "Brand “X”"))  # fmt: skip
    declared, quotation = format_of("quotation"), side.quotation()
    rows = declared.rows(organisation_id=quotation.supplier_id, target=quotation, actor=side.seller())
    content = export(declared.sheet, rows, unlocked=declared.open_columns, metadata=declared.metadata(quotation))

    upload = quoting.file(content)

    assert changes(upload) == {}
    assert upload.counts == {"unchanged": 5}
    assert load_workbook(BytesIO(content)).worksheets[0].protection.sheet


def test_undoing_brings_the_offer_before_back_as_a_version_of_its_own(quoting, side):
    save(side.quotation(), side.seller(), {1: 20, 2: None})
    upload = quoting.applied(HEAD, (1, 12.5, None, None, None, None, None), (2, None, None, None, None, None, None))
    assert set(side.quotation().offer().lines) == {1}

    upload = quoting.undo(upload)

    quotation = side.quotation()
    assert upload.state == "undone"
    assert quotation.offer().lines == {1: OfferedLine(Decimal(20)), 2: OfferedLine(no_bid=True)}
    assert quotation.sealed_version == 3


def test_what_was_submitted_since_is_not_undone(quoting, side):
    upload = quoting.applied(HEAD, (1, 12.5, None, None, None, None, None), (2, 5, None, None, None, None, None))
    quotation = side.quotation()
    save(quotation, side.seller(), {})
    quotation.submit(actor=side.seller())

    with pytest.raises(Blocked) as refused:
        quoting.undo(upload)

    assert [fault.code for fault in refused.value.faults] == ["gone-on-since"]


@pytest.mark.parametrize("whose", ["of another supplier", "of another tender", "with another token"])
def test_a_workbook_that_was_given_to_somebody_else_or_for_something_else_is_refused(quoting, side, whose):
    if whose == "of another supplier":
        content = filled_in(side.quotation(1), {"E2": 5})
    elif whose == "of another tender":
        content = filled_in(tender(1).quotation(), {"E2": 5})
    else:
        token = signing.dumps({"quotation": str(side.quotation().pk)}, key="guessed", salt="quotations.workbook")
        content = export(QuotationSheet, [{"number": 1, "unit_price": Decimal(5)}], metadata={"token": token})

    upload = quoting.file(content)

    assert (upload.state, upload.problem["code"]) == ("rejected", "workbook-strange")
    assert side.quotation().sealed_version == 0


def test_a_workbook_taken_before_the_last_change_is_refused(quoting, side):
    content = filled_in(side.quotation(), {"E2": 5})
    save(side.quotation(), side.seller(), {1: 20})

    upload = quoting.file(content)

    assert (upload.state, upload.problem["code"]) == ("rejected", "workbook-stale")
    assert upload.problem["detail"] == "Take the workbook again; it then holds what was saved since."


def test_a_workbook_of_an_earlier_revision_of_the_rfq_is_refused(quoting, side):
    content = filled_in(side.quotation(), {"E2": 5})
    side.rfq.lines.filter(number=1).update(quantity=7)

    upload = quoting.file(content)

    assert (upload.state, upload.problem["code"]) == ("rejected", "workbook-stale")


def test_every_fault_stands_at_its_cell(quoting):
    upload = quoting.rows(
        ("Line", "Quantity", "Unit price", "No bid", "From quantity", "Alternative"),
        (9, None, 1, None, None, None),
        (1, 7, 1, None, None, None),
        (2, None, None, None, 10, None),
        (2, None, 5, None, 20, None),
        (2, None, 5, "yes", None, None),
        (1, None, 5, None, None, "Brand X"),
        (1, None, 6, None, None, "brand x"),
    )

    assert faults(upload) == [
        (2, "Line", "no-such-line"),
        (3, "Quantity", "asked-differently"),
        (4, "Line", "rests-on-faulty"),
        (6, "No bid", "price-or-no-bid"),
        (7, "Line", "duplicate-key"),
        (8, "Line", "duplicate-key"),
    ]


def test_a_price_for_many_needs_one_for_few(quoting):
    upload = quoting.rows(
        ("Line", "Unit price", "No bid", "From quantity"), (2, None, None, 10), (2, 5, None, 20), (1, 3, None, None)
    )

    assert faults(upload) == [(2, "Unit price", "price-or-no-bid")]


def test_nobody_brings_prices_for_another_supplier_or_after_the_deadline(side, do_jobs, quoting):
    with pytest.raises(NotAllowed):
        Bringing("quotation", side.clerk, do_jobs, side.quotation()).rows(HEAD, (1, 5, None, None, None, None, None))
    with pytest.raises(NotFound):
        Bringing("quotation", side.seller(), do_jobs, side.quotation(1)).rows(
            HEAD, (1, 5, None, None, None, None, None)
        )
    upload = quoting.rows(HEAD, (1, 5, None, None, None, None, None))
    close(side)

    upload = quoting.apply(upload)

    assert upload.state == "reviewed"
    assert side.quotation().sealed_version == 0


def test_the_buyer_takes_no_prices_away(side):
    with pytest.raises(NotAllowed):
        list(format_of("quotation").rows(organisation_id=side.buyer.pk, target=side.quotation(), actor=side.clerk))


def leaking_tables():
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            for piece in PIECES:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{piece}%"])
                found += [table] * cursor.fetchone()[0]
        return found


def test_no_price_stands_in_clear_in_the_database_the_storage_or_a_log(quoting, side, settings, caplog):
    caplog.set_level("DEBUG")
    save(side.quotation(), side.seller(), {1: PRICE})
    rows = (HEAD, (1, PRICE.replace(".", ","), None, 3, "zylindrisch", None, None), (1, PRICE, None, None, None, None, "zylindrisch"),
            (2, "7346,918253 yen?", None, None, None, None, None))  # fmt: skip

    upload = quoting.rows(*rows)
    assert leaking_tables() == []
    quoting.apply(upload, only_valid=True)
    again = quoting.file(f"Line\tUnit price\n1\t{PRICE}\n".encode(), "prices.tsv")

    assert (upload.counts["faulty"], again.counts) == (1, {"unchanged": 1})
    assert leaking_tables() == []
    kept = [file.read_bytes() for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
    assert kept
    assert not any(piece.encode() in content for content in kept for piece in PIECES)
    messages = [record for record in caplog.records if not record.name.startswith("django.db.backends")]
    assert not [record for record in messages if any(piece in str(record.__dict__) for piece in PIECES)]


def test_its_own_supplier_reads_every_row_and_gets_its_file_back(quoting, side, client_of):
    content = "\t".join(HEAD).encode() + f"\n1\t{PRICE}\n2\tdear\n".encode()
    upload = quoting.file(content, "prices.tsv")
    client = client_of(side.bidders[0], "sales")
    url = f"/api/v1/uploads/{upload.pk}/"

    shown = client.get(f"{url}rows/").json()["results"]

    assert shown[0]["cells"]["unit_price"] == PRICE
    assert [fault["code"] for fault in shown[1]["faults"]] == ["not-a-number"]
    assert [kind["code"] for kind in client.get(f"{url}faults/").json()] == ["not-a-number"]
    assert b"".join(client.get(f"{url}file/").streaming_content) == content
    others = [
        (side.buyer, "buyer"),
        (side.buyer, "compliance"),
        (side.bidders[1], "sales"),
        (PlatformFactory(), "auditor"),
    ]
    for other in (client_of(*one) for one in others):
        for page in ("", "rows/", "faults/", "file/", "annotated/", "columns/", "journal/"):
            assert other.get(url + page).status_code == 404, page


def test_a_mended_cell_is_sealed_as_well(quoting, side):
    upload = quoting.file("\t".join(HEAD).encode() + b"\n1\tdear\n", "prices.tsv")

    mend(upload, 2, {"unit_price": PRICE}, actor=side.seller(), expected_version=None)

    assert leaking_tables() == []
    quoting.apply(Upload.objects.get(pk=upload.pk))
    assert str(side.quotation().offer().lines[1].unit_price) == PRICE
    assert list(applied_changes.rewritten()) == []


@pytest.mark.parametrize("meanwhile", ["asked for otherwise", "not asked for any more"])
def test_what_keeps_prices_from_being_applied_tells_none_of_them_in_clear(quoting, side, meanwhile):
    upload = quoting.rows((*HEAD, "Quantity"), (1, PRICE, None, 3, "zylindrisch", None, None, 100))
    assert upload.state == "reviewed"
    line = side.rfq.lines.filter(number=1)
    if meanwhile == "asked for otherwise":
        line.update(quantity=7)
    else:
        line.update(number=99)

    upload = quoting.apply(upload)

    assert upload.state == "reviewed"
    assert upload.problem["code"]
    assert leaking_tables() == []


def test_a_refusal_at_a_price_tells_row_and_kind_and_not_the_price(quoting, side, monkeypatch):
    upload = quoting.rows(HEAD, (1, PRICE, None, 3, "zylindrisch", None, None))
    find = QuotationSession._find_faults

    def stricter(session, rows):
        find(session, rows)
        rows[0].fault("unit_price", "price-range", f"The price {PRICE} is too high.", suggestions=(PRICE,))

    monkeypatch.setattr(QuotationSession, "_find_faults", stricter)
    upload = quoting.apply(upload)

    assert upload.state == "reviewed"
    assert [(fault["pointer"], fault["code"]) for fault in upload.problem["faults"]] == [("#/rows/2", "price-range")]
    assert leaking_tables() == []


def test_an_offer_sealed_before_there_were_tiers_still_opens():
    old = {"unit_price": "5", "no_bid": False, "lead_time_days": None, "note": ""}

    assert OfferedLine.from_json(old) == OfferedLine(Decimal(5))


def test_tiers_that_cannot_be_are_refused_by_the_rules_themselves(side):
    quotation, tiers = side.quotation(), (Tier(Decimal(0), Decimal(1)), Tier(Decimal(0), Decimal(-1)))
    line = OfferedLine(Decimal(5), tiers=tiers, alternatives=(Alternative(" ", Decimal(1)),))

    with pytest.raises(Invalid) as refused:
        save_offer(quotation, lambda offer: offer.with_lines({1: line}), actor=side.seller())

    assert sorted({fault.code for fault in refused.value.faults}) == [
        "alternative-twice", "not-positive", "price-range", "tier-twice",
    ]  # fmt: skip
