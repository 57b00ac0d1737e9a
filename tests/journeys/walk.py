"""One purchase from tender to payment, a chapter a method; people act through HTTP only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from b2b.clock import database_now
from b2b.models import Organisation
from tests.factories.b2b import OrganisationFactory, PlatformFactory, SupplierFactory
from tests.factories.suppliers import ApprovedFactory
from tests.journeys.people import Person, person
from tests.journeys.tender import Tender, filled

RULES = {
    "opening": "two", "minimum_days_open": 1, "standstill_days": 0, "receipt_tolerance": "0.1",
    "vat_category": "O", "vat_rate": "0",
}  # fmt: skip


@dataclass
class Walk:
    """The people, and the addresses of the documents as they come to be."""

    tender: Tender
    time_passes: Callable[..., None]
    state: Organisation = field(default_factory=lambda: OrganisationFactory(name="State Roads", currency="USD"))

    def __post_init__(self) -> None:
        self.today: date = database_now().date()
        self.bidders = {name: SupplierFactory(name=name, currency="USD") for name in self.tender.ranked}
        for supplier in self.bidders.values():
            ApprovedFactory(supplier=supplier)
        self.sales = {name: person(supplier, "sales") for name, supplier in self.bidders.items()}
        self.buyer, self.manager = person(self.state, "buyer"), person(self.state, "buying_manager")
        self.control, self.accounts = person(self.state, "compliance"), person(self.state, "finance")
        self.stores, self.auditor = person(self.state, "receiver"), person(PlatformFactory(), "auditor")
        self.creditor = person(self.supplier, "finance")

    @property
    def winner(self) -> str:
        return self.tender.ranked[0]

    @property
    def supplier(self) -> Organisation:
        return self.bidders[self.winner]

    @cached_property
    def total(self) -> Decimal:
        prices = self.tender.prices(self.winner)
        amounts = (line.quantity * prices[line.number] for line in self.tender.proposal.lines)
        return sum((amount.quantize(Decimal("0.01")) for amount in amounts), Decimal(0))

    def state_of(self, address: str, reader: Person | None = None) -> str:
        return (reader or self.buyer).get(f"{address}/")["state"]

    def credit(self) -> tuple[Decimal, Decimal]:
        """What is held and what is owed."""
        account = self.accounts.get(f"{self.account}/")
        return Decimal(account["held"]), Decimal(account["drawn"])

    def agree_on_credit_and_bank(self) -> None:
        """The organisation's rules, the winner's credit for it, and where to pay."""
        person(self.state, "admin").post("/procurement-policies/", RULES)
        limit = str(self.total * 2)
        asked = {"supplier": str(self.supplier.pk), "currency": "USD", "requested_limit": limit, "terms": "net_30"}
        self.account = f"/credit-accounts/{self.accounts.post('/credit-accounts/', asked)['id']}"
        self.creditor.post(f"{self.account}/start-review/")
        grant = {"limit": limit, "terms": "net_30", "review_on": str(self.today + timedelta(days=300))}
        self.creditor.post(f"{self.account}/approve/", grant)
        bank = {"holder": self.winner[:140], "country": "US", "account_number": "021000021-123456789"}
        proposed = self.creditor.post("/bank-accounts/", bank)
        person(self.supplier, "finance").post(f"/bank-accounts/{proposed['id']}/confirm/")

    def publish(self) -> None:
        """The buyer uploads the lines and invites the bidders; a manager approves."""
        drafted = self.buyer.post("/rfqs/", {"title": "Resurfacing", "currency": "USD", "payment_terms": "net_30"})
        self.rfq_id, self.rfq = drafted["id"], f"/rfqs/{drafted['id']}"
        self.buyer.upload(f"{self.rfq}/lines/upload/", self.tender.lines_workbook(), into=f"{self.rfq}/")
        invited = [{"supplier": str(supplier.pk)} for supplier in self.bidders.values()]
        deadline = (database_now() + timedelta(days=5)).isoformat()
        self.buyer.patch(f"{self.rfq}/", {"deadline": deadline, "invitations": invited})
        self.buyer.post(f"{self.rfq}/submit/")
        self.manager.post(f"{self.rfq}/approve/")
        self.time_passes()

    def quote(self) -> None:
        """Every bidder fills in the RFQ's own workbook."""
        for name, seller in self.sales.items():
            (row,) = seller.get("/quotations/")["results"]
            mine, valid_until = f"/quotations/{row['id']}/", str(self.today + timedelta(days=120))
            seller.post(f"{mine}start/")
            book = filled(seller.download(f"{mine}workbook/"), self.tender.prices(name))
            seller.upload(f"{mine}workbook/", book, into=mine, valid_until=valid_until)
            seller.post(f"{mine}submit/")

    def open(self) -> None:
        """Days later two people open, each by their own consent."""
        self.time_passes(6)
        (opening,) = self.buyer.get("/bid-openings/", rfq=self.rfq_id)["results"]
        self.buyer.post(f"/bid-openings/{opening['id']}/consent/")
        self.time_passes()
        assert self.state_of(self.rfq) == "closed", "one person alone has opened"
        self.control.post(f"/bid-openings/{opening['id']}/consent/")
        self.time_passes()

    def award(self) -> None:
        """Proposed by the buyer, endorsed and approved by others, confirmed by the clock after the standstill."""
        award = self.buyer.post("/awards/", {"rfq": self.rfq_id, "allocate": "best_total"})
        self.control.post(f"/awards/{award['id']}/endorse/")
        self.manager.post(f"/awards/{award['id']}/approve/")
        self.time_passes()

    def order_goods(self) -> None:
        """The award's order goes out and is acknowledged with dates."""
        (row,) = self.buyer.get("/purchase-orders/", rfq=self.rfq_id)["results"]
        self.order_id, self.order = row["id"], f"/purchase-orders/{row['id']}"
        self.buyer.post(f"{self.order}/submit/")
        self.manager.post(f"{self.order}/approve/")
        self.buyer.post(f"{self.order}/issue/")
        self.time_passes()
        self.lines: list[dict[str, Any]] = self.buyer.get(f"{self.order}/lines/", limit=200)["results"]
        promised = str(self.today + timedelta(days=2))
        promises = [{"number": line["number"], "promised_on": promised} for line in self.lines]
        self.sales[self.winner].post(f"{self.order}/acknowledge/", {"promised": promises})

    def receive(self, lines: list[dict[str, Any]]) -> None:
        arrivals = [{"order_line": line["id"], "quantity": line["quantity"]} for line in lines]
        self.stores.post("/receipts/", {"order": self.order_id, "received_on": str(self.today), "lines": arrivals})

    def bill(self) -> None:
        """The supplier bills what was delivered; the match is made by itself."""
        biller = person(self.supplier, "finance", "sales")
        told = ("quantity", "unit", "unit_price", "number")
        lines = [{"order_line": line["id"], **{name: line[name] for name in told}} for line in self.lines]
        bill = {"order": self.order_id, "number": "2026-0001", "invoiced_on": str(self.today), "lines": lines}
        self.invoice = f"/invoices/{biller.post('/invoices/', bill)['id']}"
        biller.post(f"{self.invoice}/submit/")
        self.time_passes()

    def pay(self) -> None:
        self.accounts.post(f"{self.invoice}/schedule/", {"pay_on": str(self.today)})
        paid = {"amount": str(self.total), "paid_on": str(self.today), "reference": "WIRE-1"}
        self.accounts.post(f"{self.invoice}/pay/", paid)
        self.time_passes()

    def write_contract(self) -> None:
        """Written from the order, approved by two people, printed."""
        self.contract = f"/contracts/{self.buyer.post('/contracts/', {'order': self.order_id})['id']}"
        self.buyer.patch(f"{self.contract}/", self._terms())
        self.buyer.post(f"{self.contract}/submit/")
        self.control.post(f"{self.contract}/approve/")
        self.manager.post(f"{self.contract}/approve/")
        self.time_passes()

    def sign(self) -> bytes:
        """Each party signs over the hash of what it read; gives back the PDF."""
        printed = self.buyer.download(f"{self.contract}/pdf/")
        signature = {"sha256": hashlib.sha256(printed).hexdigest()}
        person(self.state, "signatory").post(f"{self.contract}/sign/", signature)
        person(self.supplier, "signatory").post(f"{self.contract}/sign/", signature)
        return printed

    def _terms(self) -> dict[str, Any]:
        clause = {
            "title": "Warranty", "chinese_title": "保修",
            "text": "The supplier warrants the work for two years.", "chinese_text": "供应商对工程保修两年。",
        }  # fmt: skip
        return {
            "title": "Resurfacing works", "chinese_title": "路面重铺工程", "clauses": [clause],
            "starts_on": str(self.today), "ends_on": str(self.today + timedelta(days=365)),
        }  # fmt: skip
