"""Who is trusted by whom: the platform's word for most, and reviews by buyers at every point of their life."""

from __future__ import annotations

from b2b.demo import World
from b2b.policy import Actor
from suppliers.drafting import draft_qualification
from suppliers.models import Category, Qualification

TRUSTED = (
    "haimao",
    "schwarzwald",
    "kabelwerk",
    "hengxin",
    "pennine",
    "rheinchem",
    "suda",
    "harbour",
    "avonbridge",
    "landun",
)
EXPIRES_SOON = "lakeshore"
ON_CONDITION = "huanan"


def load(world: World) -> None:
    control = world.who("control", "compliance")
    for name in TRUSTED:
        under_review(world, name).approve(actor=control, valid_until=world.day(500))
    under_review(world, EXPIRES_SOON).approve(actor=control, valid_until=world.day(18))
    under_review(world, ON_CONDITION).approve_conditionally(
        actor=control,
        conditions="Delivery times are reviewed every quarter. 每季度复核交货及时率。",
        valid_until=world.day(240),
    )
    _of_nordhafen(world)
    _of_the_others(world)
    under_review(world, "linde")


def _of_nordhafen(world: World) -> None:
    reviewer = world.who("nordhafen", "compliance")
    under_review(world, "linde", "nordhafen").approve(actor=reviewer, valid_until=world.day(300))
    under_review(world, "landun", "nordhafen").request_info(
        actor=reviewer, reason="Please send the test report of the FFP3 masks."
    )
    applied(world, "avonbridge", "nordhafen")
    _drafted(world, "hengxin", "nordhafen")


def _of_the_others(world: World) -> None:
    reviewer = world.who("yunzhan", "compliance")
    under_review(world, "suda", "yunzhan").reject(actor=reviewer, reason="来料不良率过高，两次整改未见效。")
    applied(world, "landun", "wessex").withdraw(
        actor=world.who("landun", "sales"), reason="We apply again with the new certificate."
    )
    office = Category.objects.get(code="packaging")
    wanted = applied(world, "huanan", "wessex", office)
    wanted.start_review(actor=world.who("wessex", "compliance"))


def under_review(world: World, supplier: str, buyer: str = "") -> Qualification:
    found = applied(world, supplier, buyer)
    found.start_review(actor=_reviewer(world, buyer))
    return found


def applied(world: World, supplier: str, buyer: str = "", category: Category | None = None) -> Qualification:
    """Asked for by the supplier; without a buyer, of the platform."""
    found = _drafted(world, supplier, buyer, category)
    found.apply(actor=world.who(supplier, "sales"))
    return found


def _drafted(world: World, supplier: str, buyer: str, category: Category | None = None) -> Qualification:
    return draft_qualification(
        world[supplier].pk,
        actor=world.who(supplier, "sales"),
        buyer=world[buyer] if buyer else None,
        category=category,
        statement="We have supplied industry for many years. 我们多年来为工业客户供货。",
    )


def _reviewer(world: World, buyer: str) -> Actor:
    return world.who(buyer or "control", "compliance")
