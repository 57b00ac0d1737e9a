"""The frame of the benchmarks, on benchmarks of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import closing

import psycopg2
import pytest

from benchmarks import frame, report, scratch
from benchmarks.frame import Benchmark, Result
from hanse.postgres.holding import held

MODULE = """
from benchmarks.frame import Benchmark
BENCHMARKS = [Benchmark("sorting", 3, 2.0, list, list), Benchmark("summing", 3, 2.0, list, list)]
"""


def test_both_sides_are_measured_alternately_after_one_run_to_warm_up():
    calls = []
    benchmark = Benchmark(
        "sleep",
        n=7,
        goal=3,
        ours=lambda: calls.append("ours") or time.sleep(0.02),
        limit=lambda: calls.append("limit") or time.sleep(0.01),
        prepare=lambda: calls.append("prepare"),
        before_each=lambda: calls.append("before"),
    )

    result = frame.measure(benchmark)

    assert calls == ["prepare", *["before", "ours", "before", "limit"] * 6]
    assert result.ratio == pytest.approx(2, rel=0.4)
    assert result.n == 7
    assert result.peak_mib > 5


def test_a_run_that_takes_long_is_repeated_less_often(monkeypatch):
    monkeypatch.setattr(frame, "LONG_SECONDS", 0)
    runs = []

    frame.measure(Benchmark("long", 1, 1, ours=lambda: runs.append(1), limit=lambda: time.sleep(0.001)))

    assert len(runs) == 1 + 3


def test_benchmarks_are_found_by_the_name_they_give_themselves(tmp_path, monkeypatch):
    package = tmp_path / "measured"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "numbers.py").write_text(MODULE)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    assert list(frame.benchmarks("measured")) == ["sorting", "summing"]


def test_results_are_written_in_the_form_that_is_compared(tmp_path):
    file = tmp_path / "results.json"

    report.write_json(file, {"journal": Result(0.2, 0.1, 2.0, 3.0, 80.5, 1000)})

    assert json.loads(file.read_text()) == {
        "journal": {"ours_seconds": 0.2, "limit_seconds": 0.1, "ratio": 2.0, "goal": 3.0, "peak_mib": 80.5, "n": 1000}
    }


def test_a_result_over_its_goal_is_marked():
    assert report.line("journal", Result(0.4, 0.1, 4.0, 3.0, 80, 1000)).endswith("over the goal")
    assert not report.line("journal", Result(0.3, 0.1, 3.0, 3.0, 80, 1000)).endswith("over the goal")


def test_each_benchmark_gets_a_copy_that_is_gone_afterwards(cluster):
    with held(cluster) as running:
        original = running.ensure_database("bench")
        with scratch.copy_of(original) as copy, closing(psycopg2.connect(copy)) as connection:
            assert connection.info.dbname == f"bench_copy_{os.getpid()}"

        with pytest.raises(psycopg2.OperationalError, match=r'database "bench_copy_[0-9]+" does not exist'):
            psycopg2.connect(copy)


def test_two_who_measure_at_once_leave_each_other_their_copies(cluster):
    others, dead = f"bench_copy_{os.getppid()}", f"bench_copy_{ended_process()}"
    with held(cluster) as running:
        original = running.ensure_database("bench")
        for name in (others, dead):
            running.ensure_database(name)

        with scratch.copy_of(original):
            pass

        with closing(psycopg2.connect(original)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bench_copy%'")
            assert cursor.fetchall() == [(others,)]


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid
