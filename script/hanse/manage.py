"""Django's command line on the product's database, which is started when it is not running."""

from __future__ import annotations

from hanse.database import database
from hanse.environment import environment
from hanse.foreground import run_in_foreground
from hanse.places import PYTHON, ROOT, product_home
from hanse.postgres.cluster import SAFE


def main(arguments: list[str]) -> int:
    home = product_home()
    with database(home, SAFE) as ours:
        return run_in_foreground(
            [PYTHON, ROOT / "manage.py", *arguments],
            environment=environment(home, ours.url),
            descriptors=ours.descriptors,
        )
