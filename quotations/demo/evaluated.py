"""RFQs whose answers are in: sealed still, or opened and compared."""

from __future__ import annotations

from decimal import Decimal

from b2b.demo import World, days_pass
from quotations.demo.tender import VALID_DAYS, Tender
from quotations.demo.wanted import BOLTS, CABLES, CONVEYOR, WARDS
from quotations.models import Quotation
from quotations.opening import consent


def load(world: World) -> None:
    _comparison(world)
    _waiting_for_the_second(world)
    _expired(world)
    _disqualified(world)


def _comparison(world: World) -> None:
    """The one to compare: fourteen lines, five bidders, three currencies, a discount, and lines left out."""
    tender = Tender.published(
        world, "nordhafen", "Conveyor line 7, complete 七号输送线全套", CONVEYOR,
        ("haimao", "suda", "lakeshore", "schwarzwald", "kabelwerk"), quotation_currencies=["CNY", "USD"],
        incoterm="DAP", place="Hamburg",
    )  # fmt: skip
    tender.bid("haimao", "0.93", currency="CNY", skip=(8, 9, 10))
    tender.bid("suda", "0.97", discount_percent=Decimal(3), skip=(14,))
    tender.bid("lakeshore", "1.06", currency="USD")
    tender.bid("schwarzwald", "1.02", note="Bearings from stock, bolts by a partner.")
    tender.bid("kabelwerk", "0.99", discount_percent=Decimal("1.5"))
    tender.close(since=2).open()
    for name in ("kabelwerk", "schwarzwald"):
        tender.quotation(name).shortlist(actor=world.who("nordhafen", "buyer"))


def _waiting_for_the_second(world: World) -> None:
    """Closed; the buyer has consented to open, compliance has not. Whoever did not answer has lapsed."""
    tender = Tender.published(world, "nordhafen", "Bolts, salt water", BOLTS, ("haimao", "suda", "lakeshore"))
    tender.bids(haimao="0.95", suda="0.90").close()
    consent(tender.rfq, world.with_code("nordhafen", "buyer"))


def _expired(world: World) -> None:
    """Opened long ago, and nobody decided: the prices hold no more."""
    tender = Tender.published(world, "nordhafen", "Cables, hall 5", CABLES, ("kabelwerk", "lakeshore"))
    tender.bids(kabelwerk="1.03", lakeshore="1.09").close().open()
    days_pass(Quotation.objects.filter(pk=tender.quotation("lakeshore").pk), VALID_DAYS + 5)


def _disqualified(world: World) -> None:
    tender = Tender.published(world, "wessex", "Syringes and dressings", WARDS, ("avonbridge", "pennine", "harbour"))
    tender.bids(avonbridge="1.00", pennine="1.08", harbour="0.62").close().open()
    doubtful = tender.quotation("harbour")
    doubtful.propose_disqualification(
        actor=world.who("wessex", "buyer"),
        criterion="CE declaration for sterile goods",
        reason="The declaration names another manufacturer.",
    )
    doubtful.disqualify(actor=world.who("wessex", "compliance"))
