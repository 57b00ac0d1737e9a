"""How a benchmark is declared and measured.

A module of this package lists its own in ``BENCHMARKS``. Times differ from machine to machine, so what counts is
the ratio of two medians of one run; the runs of both sides alternate, so that a slow minute slows both.
"""

from __future__ import annotations

import importlib
import pkgutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.memory import peak_of_tree

RUNS = 5
RUNS_WHEN_LONG = 3
LONG_SECONDS = 10.0
NOT_BENCHMARKS = {"__main__", "frame", "memory", "report", "scratch", "twelve_columns"}


def _nothing() -> None:
    """For a benchmark that has nothing to get ready."""


@dataclass(frozen=True)
class Benchmark:
    """``ours`` and ``limit`` do the same work; only they are timed."""

    name: str
    # How many rows, lines or entries one run works on.
    n: int
    # The largest ratio that we allow ourselves.
    goal: float
    ours: Callable[[], object]
    limit: Callable[[], object]
    # Once, before everything.
    prepare: Callable[[], object] = _nothing
    # Before each run of either side.
    before_each: Callable[[], object] = _nothing
    # How often, where one run takes minutes; then nothing is warmed up, and it is measured only when it is named.
    runs: int | None = None


@dataclass(frozen=True)
class Result:
    ours_seconds: float
    limit_seconds: float
    ratio: float
    goal: float
    # Of our side's process and all it started, together.
    peak_mib: float
    n: int

    @property
    def reached(self) -> bool:
        return self.ratio <= self.goal


def measure(benchmark: Benchmark) -> Result:
    """To be called in a process that has measured nothing before, for the peak of memory is the process's."""
    benchmark.prepare()
    with peak_of_tree() as peak:
        first = _both(benchmark)
    kept, more = ([first], benchmark.runs - 1) if benchmark.runs else ([], _runs(first[0]))
    times = kept + [_both(benchmark) for _ in range(more)]
    ours, limit = zip(*times, strict=True)
    return _result(benchmark, statistics.median(ours), statistics.median(limit), peak.mib)


def _both(benchmark: Benchmark) -> tuple[float, float]:
    return _seconds(benchmark, benchmark.ours), _seconds(benchmark, benchmark.limit)


def _runs(seconds: float) -> int:
    return RUNS_WHEN_LONG if seconds > LONG_SECONDS else RUNS


def _result(benchmark: Benchmark, ours: float, limit: float, peak_mib: float) -> Result:
    return Result(ours, limit, ours / limit, benchmark.goal, peak_mib, benchmark.n)


def _seconds(benchmark: Benchmark, work: Callable[[], object]) -> float:
    benchmark.before_each()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def benchmarks(package_name: str = "benchmarks") -> dict[str, Benchmark]:
    """Of all modules of the package, by name; their imports must find Django set up."""
    package = importlib.import_module(package_name)
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = [importlib.import_module(f"{package_name}.{name}") for name in names if name not in NOT_BENCHMARKS]
    return {benchmark.name: benchmark for module in modules for benchmark in module.BENCHMARKS}
