"""What measurements look like on the terminal and in a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.frame import Result

HEADING = f"{'name':<20}{'n':>10}{'ours s':>12}{'limit s':>12}{'ratio':>9}{'goal':>8}{'peak MiB':>11}"


def line(name: str, result: Result) -> str:
    verdict = "" if result.reached else "  over the goal"
    return (
        f"{name:<20}{result.n:>10}{result.ours_seconds:>12.4f}{result.limit_seconds:>12.4f}"
        f"{result.ratio:>9.2f}{result.goal:>8.2f}{result.peak_mib:>11.0f}{verdict}"
    )


def write_json(file: Path, results: Mapping[str, Result]) -> None:
    file.write_text(json.dumps({name: asdict(result) for name, result in results.items()}, indent=2) + "\n")
