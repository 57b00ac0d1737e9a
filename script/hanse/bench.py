"""The benchmarks, on an embedded cluster of their own with the product's settings, whatever ``DATABASE_URL`` says."""

from __future__ import annotations

from hanse.environment import environment
from hanse.foreground import run_in_foreground
from hanse.places import PYTHON, ROOT, bench_home
from hanse.postgres.cluster import SAFE, Cluster
from hanse.postgres.holding import held


def main(arguments: list[str]) -> int:
    home = bench_home()
    with held(Cluster(home, SAFE)) as ours:
        return run_in_foreground(
            [str(PYTHON), "-m", "benchmarks", *arguments],
            # From the caller's folder, where --json FILE belongs.
            environment=environment(home, ours.ensure_database("bench")) | {"PYTHONPATH": str(ROOT)},
            descriptors=(ours.descriptor,),
        )
