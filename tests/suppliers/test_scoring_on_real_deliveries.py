"""The score of every vendor of two real purchasing records equals a plain sum over the same rows."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from suppliers.models import Score, ScoreFact, ScorePrior
from suppliers.scoring import facts
from suppliers.scoring.recomputation import differing_scores, rate_everybody
from tests.b2b.shared_data import shared_data
from tests.factories.b2b import OrganisationFactory, SupplierFactory

pytestmark = pytest.mark.django_db

D = Decimal
CENT = D("0.01")


def day(text: str) -> date | None:
    for form in ("%d-%b-%y", "%m/%d/%y", "%Y-%m-%d %H:%M:%S.%f"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 — dates, not instants
        except ValueError:
            continue
    return None


def scms() -> list[dict]:
    """Vendor, promise, delivery and quantity of every line with both dates; the warehouse is no vendor."""
    with (shared_data("delivery") / "scms_before_2010.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {
            "vendor": row["Vendor"],
            "number": row["ID"],
            "line": 1,
            "promised_on": day(row["Scheduled Delivery Date"]),
            "received_on": day(row["Delivered to Client Date"]),
            "ordered": D(row["Line Item Quantity"]),
            "received": D(row["Line Item Quantity"]),
            "rejected": D(0),
        }
        for row in rows
        if row["Vendor"] != "SCMS from RDC"
    ]


def adventureworks() -> list[dict]:
    folder = shared_data("adventureworks")
    with (folder / "PurchaseOrderHeader.csv").open(encoding="utf-8-sig", newline="") as file:
        orders = {row[0]: row for row in csv.reader(file, delimiter="\t")}
    with (folder / "PurchaseOrderDetail.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t"))
    return [
        {
            "vendor": orders[line[0]][4],
            "number": line[0],
            "line": line[1],
            "promised_on": day(line[2]),
            "received_on": day(orders[line[0]][7]),
            "ordered": D(line[3]),
            "received": D(line[7]),
            "rejected": D(line[8]),
        }
        for line in lines
    ]


@pytest.mark.parametrize("read", [scms, adventureworks])
def test_every_vendors_score_is_the_plain_sum_over_its_lines(read):
    rows = [row for row in read() if row["received_on"] and row["promised_on"] and row["received"] > 0]
    last = max(row["received_on"] for row in rows)
    rows = [row for row in rows if row["received_on"] > last - timedelta(days=365)]
    buyer = OrganisationFactory()
    vendors = {name: SupplierFactory(name=name[:200]) for name in {row["vendor"] for row in rows}}
    for row in rows:
        facts.keep(facts.of_delivery(told(row, vendors[row["vendor"]], buyer)))

    rate_everybody(as_of=last)

    assert len(rows) > 200
    assert ScoreFact.objects.filter(component="quality").count() == len(rows)
    priors = dict(ScorePrior.objects.values_list("component", "mean"))
    for name, vendor in vendors.items():
        stored = Score.objects.get(supplier=vendor, buyer=None)
        lines = [row for row in rows if row["vendor"] == name]
        expected = plain_total(lines, last, priors)
        assert stored.total == expected, name
    assert differing_scores() == []


def told(row: dict, vendor, buyer) -> dict:
    return {
        "supplier_id": vendor.pk,
        "buyer_id": buyer.pk,
        "order_id": row["number"],
        "order_number": row["number"],
        "receipt_id": row["number"],
        "line": row["line"],
        "promised_on": row["promised_on"].isoformat(),
        "received_on": row["received_on"].isoformat(),
        "ordered": str(row["ordered"]),
        "received": str(row["received"]),
        "rejected": str(row["rejected"]),
        "final": True,
    }


def plain_total(lines: list[dict], as_of: date, priors: dict[str, Decimal]) -> Decimal:
    """The formula as the docstring of ``suppliers.scoring.formula`` states it, said once more without its code."""
    sums = defaultdict(lambda: [D(0), D(0)])
    for line in lines:
        months = (as_of - line["received_on"]).days // 30
        decay = (D(2) ** (D(-months) / 6)).quantize(D("0.0001"), ROUND_HALF_UP)
        weight = (line["received"] / line["ordered"]).quantize(D("0.000001"), ROUND_HALF_UP)
        good = ((line["received"] - line["rejected"]) / line["received"]).quantize(D("0.000001"), ROUND_HALF_UP)
        for component, mark in (("on_time_in_full", line["received_on"] <= line["promised_on"]), ("quality", good)):
            sums[component][0] += weight * decay
            sums[component][1] += weight * decay * D(mark)
    scores = {
        name: (100 * (5 * priors[name] + marks) / (5 + weights)).quantize(CENT, ROUND_HALF_UP)
        for name, (weights, marks) in sums.items()
    }
    return ((40 * scores["on_time_in_full"] + 30 * scores["quality"]) / 70).quantize(CENT, ROUND_HALF_UP)
