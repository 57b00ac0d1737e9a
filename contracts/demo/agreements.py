"""Contracts at every point of their life."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from b2b.demo import World
from contracts.demo.agreement import Agreement
from contracts.demo.library import SHORT
from contracts.models import Contract
from contracts.workflow.contract_guards import ClosingPoint
from quotations.demo.tender import Tender
from quotations.demo.wanted import BEARINGS


def load(world: World) -> None:
    _before_signature(world)
    _at_signature(world)
    _running(world)
    _ended(world)
    _from_an_award(world)


def _short(world: World, supplier: str, title: str, chinese_title: str, **more: Any) -> Agreement:
    return Agreement(world, "nordhafen", supplier, "EUR", (title, chinese_title), template=SHORT, **more)


def _before_signature(world: World) -> None:
    _short(world, "pennine", "Protective equipment", "劳保用品").drafted()
    _short(world, "rheinchem", "Solvents and oils", "溶剂与油品").in_review()
    dropped = _short(world, "linde", "Office supplies", "办公用品").in_review()
    dropped.cancel(actor=world.who("nordhafen", "buyer"), reason="Bought from the shop around the corner instead.")
    # The usual template, in full: fifteen clauses in two languages.
    Agreement(
        world, "nordhafen", "haimao", "EUR", ("Fasteners, next year", "下一年度紧固件"), starts=120, ends=484
    ).offered()


def _at_signature(world: World) -> None:
    _short(world, "schwarzwald", "Bearings, next year", "下一年度轴承").signed_by_supplier()
    refused = _short(world, "lakeshore", "Inch screws", "英制螺钉").offered()
    refused.refuse(actor=world.who("lakeshore", "signatory"), reason="We cannot hold these prices for a year.")


def _running(world: World) -> None:
    _short(world, "kabelwerk", "Cables from next month", "下月起电缆", starts=30, ends=394).signed()
    # Ninety days of notice, of which thirty are left: the clock says that it expires.
    _short(world, "schwarzwald", "Bearings, this year", "本年度轴承", ends=30, notice_days=90).signed()
    paused = _short(world, "huanan", "Packaging", "包装材料").signed()
    paused.suspend(actor=world.who("nordhafen", "compliance"), reason="Deliveries are late too often. 交货多次延误。")
    Agreement(
        world, "yunzhan", "hengxin", "CNY", ("Components framework", "元器件框架协议"), ceiling=3_000_000
    ).signed()


def _ended(world: World) -> None:
    _terminated(_short(world, "pennine", "Workwear", "工作服").signed(), world)
    over = _terminated(_short(world, "kabelwerk", "Patch cables", "网络跳线").signed(), world)
    over.close(actor=world.who("nordhafen", "finance"), paid_total=Decimal("18250.40"), checklist=ClosingPoint.values)


def _terminated(contract: Contract, world: World) -> Contract:
    contract.propose_termination(
        actor=world.who("nordhafen", "buying_manager"),
        reason="The hall is closed.",
        terminates_on=world.day(20),
        settlement="Open orders are delivered and paid.",
    )
    return contract.terminate(actor=world.who("nordhafen", "compliance"))  # type: ignore[no-any-return]


def _from_an_award(world: World) -> None:
    """An RFQ whose award makes a contract instead of an order; its draft waits for the buyer."""
    tender = Tender.published(world, "nordhafen", "Bearings, framework", BEARINGS, ("schwarzwald", "lakeshore"))
    tender.bid("schwarzwald", "0.94")
    tender.bid("lakeshore", "1.05")
    tender.close(since=12).open()
    tender.confirm(tender.approve(tender.propose(creates="contract")))
