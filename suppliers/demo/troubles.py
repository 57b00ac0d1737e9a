"""What went wrong with some suppliers after a year of trading: suspended, blocked, expired; and everybody's score."""

from __future__ import annotations

from b2b.demo import World
from suppliers.demo import profiles
from suppliers.models import DocumentRequirement, Qualification
from suppliers.scoring.recomputation import rate_everybody


def load(world: World) -> None:
    _suspend(world)
    _block(world)
    # Asked for only now: who holds none is told so; whose certificate has run out expires.
    DocumentRequirement.objects.create(kind="iso_9001")
    profiles.present_unfinished(world)
    rate_everybody(as_of=world.today)


def _suspend(world: World) -> None:
    _platforms_own(world, "suda").suspend(
        actor=world.who("control", "compliance"),
        reason="Three lots in a row failed inspection. 连续三批来料检验不合格。",
        until=world.day(60),
    )


def _block(world: World) -> None:
    """Two people, and a day to look at it again."""
    case = _platforms_own(world, "harbour")
    first, second = world.who("control", "compliance"), world.other("control", "compliance")
    case.propose_block(
        actor=first,
        reason="Forged test certificates for gloves. 手套检测证书系伪造。",
        review_on=world.day(180),
    )
    case.confirm_block(actor=second)


def _platforms_own(world: World, supplier: str) -> Qualification:
    return Qualification.objects.get(supplier=world[supplier], buyer=None, category=None)
