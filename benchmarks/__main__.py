"""``script/bench [NAME …] [--json FILE]``: measures each benchmark in a process and a database of its own."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from benchmarks.frame import Result, benchmarks, measure
from benchmarks.report import HEADING, line, write_json
from benchmarks.scratch import alone, copy_of


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b2b.settings")
    django.setup()
    declared = benchmarks()
    options = _options(list(declared))
    if options.measure:
        print(json.dumps(asdict(measure(declared[options.measure]))))
        return 0
    with alone(os.environ["DATABASE_URL"]):
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
    print(HEADING, flush=True)
    results = {}
    for name in options.names or [name for name, benchmark in declared.items() if benchmark.runs is None]:
        results[name] = _measured_apart(name)
        print(line(name, results[name]), flush=True)
    if options.json:
        write_json(options.json, results)
    return 0 if all(result.reached for result in results.values()) else 1


def _options(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names) or "there is none yet")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--measure", choices=names, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - set(names):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return options


def _measured_apart(name: str) -> Result:
    """Raises ``CalledProcessError`` when the benchmark fails; what it says goes to the terminal."""
    with copy_of(os.environ["DATABASE_URL"]) as url:
        done = subprocess.run(  # noqa: S603 (ourselves)
            [sys.executable, "-m", "benchmarks", "--measure", name],
            env=os.environ | {"DATABASE_URL": url},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return Result(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
