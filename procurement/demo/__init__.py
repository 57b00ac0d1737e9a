"""The demo's buying: how each organisation buys, a year of orders, and a document at every point of its life."""

from b2b.demo import World
from procurement.demo import bills, history, needs, orders, policies


def load(world: World) -> None:
    world.for_the_worker.add("procurement.print_order")
    policies.load(world)
    needs.load(world)
    history.load(world)
    orders.load(world)
    bills.load(world)
