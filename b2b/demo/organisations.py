"""The organisations of the demo, their people, and rates to convert by."""

from __future__ import annotations

from b2b.demo.cast import ORGANISATIONS
from b2b.demo.people import hire, show_the_admin_site
from b2b.demo.rates import publish_rates
from b2b.demo.world import World
from b2b.models import Organisation


def load(world: World) -> None:
    for name, facts in ORGANISATIONS.items():
        world.organisations[name] = Organisation.objects.create(**facts)
    hire(world)
    show_the_admin_site(world)
    publish_rates(world)
