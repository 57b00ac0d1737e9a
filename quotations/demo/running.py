"""RFQs that take answers now, with questions asked about them."""

from __future__ import annotations

from b2b.demo import World
from quotations.demo.tender import Tender
from quotations.demo.wanted import BEARINGS, BOLTS, CABLES, COMPONENTS, PROTECTION, WARDS
from quotations.inviting import answer
from quotations.objecting import ask_question


def load(world: World) -> None:
    _bolts(world)
    _public(world)
    parts = Tender.published(world, "yunzhan", "主板元器件 2 号机型", COMPONENTS, ("hengxin", "haimao"))
    parts.bid("hengxin", "0.97")
    wards = Tender.published(world, "wessex", "Ward disposables, winter", WARDS, ("avonbridge", "pennine"))
    wards.begin("avonbridge", "1.01")
    _unanswered_question(world)


def _bolts(world: World) -> None:
    """An answer of each sort: none yet, begun, sent, refused, taken back."""
    tender = Tender.published(
        world, "nordhafen", "Bolts and nuts, first half-year 上半年紧固件", BOLTS,
        ("haimao", "lakeshore", "suda", "schwarzwald", "kabelwerk"), description="Delivery in four equal parts.",
    )  # fmt: skip
    tender.begin("lakeshore", "1.12")
    tender.bid("suda", "0.91")
    tender.quotation("schwarzwald").decline(actor=tender.sales("schwarzwald"), reason_code="range")
    tender.bid("kabelwerk", "1.40").withdraw(actor=tender.sales("kabelwerk"), reason="Calculated for the wrong sizes.")
    clerk = world.who("nordhafen", "buyer")
    first = ask_question(tender.rfq, text="可否接受达克罗涂层代替镀锌？", actor=tender.sales("haimao"))
    first.answer(actor=clerk, answer_text="Yes, at the same price. 可以，价格不变。", to_all=True)
    ask_question(tender.rfq, text="Are inch sizes acceptable?", actor=tender.sales("lakeshore")).answer(
        actor=clerk, answer_text="No, metric only.", to_all=False
    )
    ask_question(tender.rfq, text="分批交货的具体日期是什么？", actor=tender.sales("suda"))


def _public(world: World) -> None:
    """Open to every supplier; one that was not invited answers."""
    tender = Tender.published(
        world, "nordhafen", "Protective equipment for the yard", PROTECTION, ("pennine",), is_public=True
    )
    tender.bid("pennine", "0.98")
    answer(tender.rfq, actor=world.who("landun", "sales"))
    asked = ask_question(tender.rfq, text="手套是否需要 EN 388 检测报告？", actor=world.who("landun", "sales"))
    asked.withdraw(actor=world.who("landun", "sales"))
    Tender.published(world, "nordhafen", "Bearings for overhaul", BEARINGS, ("schwarzwald", "lakeshore"))


def _unanswered_question(world: World) -> None:
    """The deadline has passed, and the RFQ stays open until the buyer answers."""
    tender = Tender.published(world, "nordhafen", "Cables for the crane", CABLES, ("kabelwerk", "lakeshore"))
    tender.bids(kabelwerk="1.00", lakeshore="1.15")
    ask_question(tender.rfq, text="Which colour shall the sheath have?", actor=tender.sales("kabelwerk"))
    tender.pass_days(16)
