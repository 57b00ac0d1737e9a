"""The demo's tenders: open for answers, closed, opened, compared, awarded, contested, failed and cancelled."""

from b2b.demo import World
from quotations.demo import awards, contested, ended, evaluated, running


def load(world: World) -> None:
    ended.load(world)
    contested.load(world)
    awards.load(world)
    evaluated.load(world)
    running.load(world)
