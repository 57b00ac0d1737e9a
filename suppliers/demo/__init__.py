"""The demo's suppliers: their catalogues and prices, and how far they are trusted."""

from b2b.demo import World
from suppliers.demo import banking, catalogue, prices, profiles, qualifications, troubles, uploads


def load(world: World) -> None:
    catalogue.load(world)
    profiles.load(world)
    banking.load(world)
    qualifications.load(world)
    prices.load(world)


def settle(world: World) -> None:
    troubles.load(world)
    uploads.load(world)
