"""The demo's contracts: a library to make them from, one at every point of its life, and orders called off."""

from b2b.demo import World
from contracts.demo import agreements, calls, library


def load(world: World) -> None:
    library.load(world)
    agreements.load(world)
    calls.load(world)
