"""Awards that a loser objected to."""

from __future__ import annotations

from b2b.demo import World
from quotations import awarding
from quotations.demo.tender import Tender
from quotations.demo.wanted import CABLES
from quotations.models import Objection
from quotations.objecting import object_to

LOSER = "lakeshore"


def load(world: World) -> None:
    _decided(world)
    upheld = _objected(_awarded(world, "Cables, ship 9"), "Our discount was overlooked.")
    awarding.uphold_objection(
        upheld, actor=world.who("nordhafen", "compliance"), reason="The discount stood on page two."
    )
    given_up = _objected(_awarded(world, "Cables, ship 8"), "The specification favours one maker.")
    given_up.award.rfq.cancel(
        actor=world.who("nordhafen", "buying_manager"), reason="The ship is not built. 该船项目取消。"
    )


def _decided(world: World) -> None:
    """A loser who does not give up: taken back, dismissed, and raised a third time."""
    tender = _awarded(world, "Cables, ship 12")
    _objected(tender, "Please check line 2.").withdraw(actor=world.who(LOSER, "sales"))
    dismissed = _objected(tender, "The winner is too small for this.")
    dismissed.dismiss(actor=world.who("nordhafen", "compliance"), reason="Size was no criterion.")
    _objected(tender, "We offered the shorter delivery time.")


def _awarded(world: World, title: str) -> Tender:
    tender = Tender.published(world, "nordhafen", title, CABLES, ("kabelwerk", LOSER))
    tender.bid("kabelwerk", "0.97")
    tender.bid(LOSER, "1.08")
    tender.close(since=2).open()
    tender.approve(tender.propose())
    return tender


def _objected(tender: Tender, text: str) -> Objection:
    return object_to(tender.quotation(LOSER), text=text, actor=tender.sales(LOSER))
