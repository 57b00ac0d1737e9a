"""Every table of the optional data folder on its way through upload, mapping and review; exactly what is found."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from b2b.fields import new_key
from b2b.models import Organisation
from b2b.uploads.models import Upload
from suppliers.models import Product
from tests.b2b.shared_data import shared_data
from tests.factories.procurement import rfq_of, trade
from tests.uploads_proof.real_files import REAL, RealFile
from tests.uploads_proof.sending import Sending, conversions, fault_codes, left_out

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("real", REAL, ids=str)
def test_a_real_table_ends_in_a_review_a_person_can_use(real: RealFile, sending: Callable[..., Sending]) -> None:
    content = shared_data(real.path).read_bytes()
    sender = sent_by(real, sending)
    make_known(real, content, sender)

    asked = sender.file(content, real.name, currency=real.currency if real.format == "prices" else "")
    was_asked = asked.state == "needs_mapping"
    upload = sender.confirm(
        asked, real.columns, table=real.table, header_rows=list(real.header_rows), constants=dict(real.constants)
    )

    assert was_asked
    assert (upload.state, upload.counts) == ("reviewed", real.counts)
    assert fault_codes(upload) == real.faults
    assert conversions(upload) == real.conversions
    assert Counter(left_out(upload).values()) == real.left_out
    assert sums(upload, real) == real.sums
    assert tuple(note["code"] for note in upload.survey["notes"]) == real.notes


def sent_by(real: RealFile, sending: Callable[..., Sending]) -> Sending:
    if real.format != "rfq_lines":
        return sending(real.format)
    side = trade()
    target = rfq_of(side, lines=[], currency=real.currency or "USD")
    return sending(real.format, actor=side.clerk, target=target)


def make_known(real: RealFile, content: bytes, sender: Sending) -> None:
    """The suppliers that orders name, and the items that prices are for."""
    if real.format == "purchase_orders":
        named = said(content, real.columns["supplier"]) if "supplier" in real.columns else {real.constants["supplier"]}
        Organisation.objects.bulk_create(
            Organisation(name=name, is_supplier=True, country="US", currency="USD") for name in named
        )
    elif real.format == "prices":
        owner = sender.actor.organisation_id
        Product.objects.bulk_create(
            Product(id=new_key(), supplier_id=owner, sku=sku, name=sku, unit="H87", state="listed")
            for sku in said(content, real.columns["sku"])
        )


def said(content: bytes, place: int) -> set[str]:
    """What a column of a text file says, in either of the two ways these are written."""
    text = content.decode("utf-8-sig")
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    return {" ".join(row[place - 1].split()) for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)}


def sums(upload: Upload, real: RealFile) -> dict[str, Decimal]:
    found: Counter[str] = Counter()
    for after in values(upload):
        for name in real.sums:
            found[name] += Decimal(after.get(name, 0))
    return dict(found)


def values(upload: Upload) -> Iterator[dict[str, Any]]:
    yield from upload.rows.filter(outcome="new").values_list("after", flat=True)


NO_TABLES = (
    "ocds/2021-03-03.json",
    "ocds/ocds-213czf-000-00001.json",
    "screening/UN_consolidated.xml",
    "screening/gleif_aerospace_defense.parquet",
    "wdp/in401.grf",
    "wholesale/instnwnd.sql",
    "codelists/eurofxref-hist.zip",
    "codelists/classifiers_cpv_en.json",
)


@pytest.mark.parametrize("path", NO_TABLES)
def test_what_is_no_table_is_refused_by_one_sentence(path: str, sending: Callable[..., Sending]) -> None:
    content = shared_data(path).read_bytes()

    upload = sending("catalogue").file(content, path.rpartition("/")[2])

    assert (upload.state, upload.problem["code"], upload.problem["faults"]) == ("rejected", "sheet-format", [])
    assert upload.problem["detail"].endswith(".")


def test_no_file_of_the_folder_is_forgotten() -> None:
    folder = shared_data("README.md").parent
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert found - {"README.md"} == {real.path for real in REAL} | set(NO_TABLES)
