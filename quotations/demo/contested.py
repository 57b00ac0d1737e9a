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
    control = world.who("nordhafen", "compliance")
    _objected(world, "Cables, ship 12", "We offered the shorter delivery time.")
    upheld = _objected(world, "Cables, ship 9", "Our discount was overlooked.")
    awarding.uphold_objection(upheld, actor=control, reason="The discount stood on page two.")
    dismissed = _objected(world, "Cables, ship 10", "The winner is too small for this.")
    dismissed.dismiss(actor=control, reason="Size was no criterion.")
    _objected(world, "Cables, ship 11", "Please check line 2.").withdraw(actor=world.who(LOSER, "sales"))
    given_up = _objected(world, "Cables, ship 8", "The specification favours one maker.")
    given_up.award.rfq.cancel(
        actor=world.who("nordhafen", "buying_manager"), reason="The ship is not built. 该船项目取消。"
    )


def _objected(world: World, title: str, text: str) -> Objection:
    tender = Tender.published(world, "nordhafen", title, CABLES, ("kabelwerk", LOSER))
    tender.bid("kabelwerk", "0.97")
    tender.bid(LOSER, "1.08")
    tender.close(since=2).open()
    tender.approve(tender.propose())
    return object_to(tender.quotation(LOSER), text=text, actor=world.who(LOSER, "sales"))
