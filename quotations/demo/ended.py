"""RFQs that ended without award."""

from __future__ import annotations

from b2b.demo import World
from quotations.demo.tender import Tender
from quotations.demo.wanted import BOLTS, PROTECTION


def load(world: World) -> None:
    _failed(world)
    _cancelled(world)


def _failed(world: World) -> None:
    """One answer where two were asked for: it stays sealed for ever."""
    tender = Tender.published(world, "nordhafen", "Titanium bolts", BOLTS, ("haimao", "lakeshore"))
    tender.bid("haimao", "2.40")
    tender.close(since=6)


def _cancelled(world: World) -> None:
    tender = Tender.published(world, "nordhafen", "Helmets for visitors", PROTECTION, ("pennine", "landun"))
    tender.bid("pennine", "1.02")
    tender.rfq.cancel(actor=world.who("nordhafen", "buying_manager"), reason="Visitors bring their own.")
