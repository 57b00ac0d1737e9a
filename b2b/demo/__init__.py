"""Demo data: invented organisations that trade with each other, loaded once into a new installation.

Every app of ours may have a module ``demo`` with ``load(world)``, and ``settle(world)`` for what comes
last. They make their documents as people would, through the product's own functions and steps, each
taken by somebody of the world with the role it asks for; no state is ever written.
"""

from b2b.demo.organisations import load
from b2b.demo.time import days_pass
from b2b.demo.world import World

__all__ = ["World", "days_pass", "load"]
