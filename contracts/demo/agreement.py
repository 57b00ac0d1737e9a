"""One contract of the demo, led as far as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from b2b.demo import World
from contracts.composing import Composition
from contracts.drafting import draft, usual_template
from contracts.generating import generate
from contracts.models import Contract, ContractTemplate, TemplateVersion
from contracts.price_line import PriceLine
from suppliers.models import Product
from suppliers.pricing import prices_in_force

FIELDS = {
    "warranty_months": "24",
    "delay_percent": "0.5",
    "liability_percent": "100",
    "governing_law": "German law",
    "arbitration": "German Arbitration Institute, Hamburg",
}
CHINESE_FIELDS = {"governing_law": "德国法律", "arbitration": "德国仲裁协会，仲裁地汉堡"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agrees about what; ``template`` is one of the buyer's own, or else the platform's usual one."""

    world: World
    buyer: str
    supplier: str
    currency: str
    titles: tuple[str, str]
    template: str = ""
    starts: int = -60
    ends: int = 305
    notice_days: int = 30
    ceiling: int = 100_000
    numbers: tuple[str, ...] = field(default=())
    """Item numbers of the supplier's products; the first few where none are named."""

    def drafted(self) -> Contract:
        contract = Contract(
            buyer=self.world[self.buyer],
            supplier=self.world[self.supplier],
            title=self.titles[0],
            chinese_title=self.titles[1],
            currency=self.currency,
            ceiling=Decimal(self.ceiling),
            starts_on=self.world.day(self.starts),
            ends_on=self.world.day(self.ends),
            notice_days=self.notice_days,
            payment_terms="net_30",
            incoterm="DAP",
            place=self.world[self.buyer].address.splitlines()[-1],
        )
        template = self._template()
        blanks = {blank.name for blank in template.blanks()} if template else set()
        composition = Composition(
            template=template,
            fields={name: value for name, value in FIELDS.items() if name in blanks},
            chinese_fields={name: value for name, value in CHINESE_FIELDS.items() if name in blanks},
            lines=list(self._lines()),
        )
        return draft(contract, composition, actor=self.world.who(self.buyer, "buyer"))

    def in_review(self) -> Contract:
        return self.drafted().submit(actor=self.world.who(self.buyer, "buyer"))  # type: ignore[no-any-return]

    def offered(self) -> Contract:
        """Reviewed by two people, and the PDF drawn for the parties to sign."""
        contract = self.in_review()
        contract.approve(actor=self.world.who(self.buyer, "buying_manager"))
        contract.approve(actor=self.world.who(self.buyer, "compliance"))
        generate(contract.pk)
        contract.refresh_from_db()
        return contract

    def signed_by_supplier(self) -> Contract:
        contract = self.offered()
        self._sign(contract, self.supplier)
        return contract

    def signed(self) -> Contract:
        contract = self.signed_by_supplier()
        self._sign(contract, self.buyer)
        return contract

    def _sign(self, contract: Contract, organisation: str) -> None:
        if contract.issued is not None:
            contract.sign(actor=self.world.with_code(organisation, "signatory"), sha256=contract.issued.pdf_sha256)

    def _template(self) -> TemplateVersion | None:
        buyer = self.world[self.buyer]
        if not self.template:
            return usual_template(buyer.pk)
        own: TemplateVersion | None = ContractTemplate.objects.get(buyer=buyer, code=self.template).current()
        return own

    def _lines(self) -> Iterator[PriceLine]:
        offered = Product.objects.offered(self.world.now).filter(supplier=self.world[self.supplier]).order_by("sku")
        chosen = offered.filter(sku__in=self.numbers) if self.numbers else offered[:3]
        prices = prices_in_force(
            {item.pk: item.moq for item in chosen},
            buyer_id=self.world[self.buyer].pk,
            currency=self.currency,
            on=self.world.today,
        )
        for number, item in enumerate(chosen, start=1):
            yield PriceLine(
                number=number,
                item=f"{item.name} {item.native_name}",
                code=item.sku,
                product_id=item.pk,
                unit=item.unit,
                unit_price=prices[item.pk].unit_price,
                vat_category="O",
                vat_rate=Decimal(0),
            )
