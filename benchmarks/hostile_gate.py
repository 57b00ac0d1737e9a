"""How long a zip bomb holds up a worker: refused by its directory, before anything is unpacked.

The limit starts a sandboxed child that lists the same archive's directory and judges nothing.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO

from b2b.sandbox import Limits, run
from b2b.sheets.faults import SheetHostile
from b2b.sheets.survey import survey
from benchmarks.frame import Benchmark

UNPACKED_MIB = 1024
TIMES = 10
MIB = 1024 * 1024


@cache
def bomb() -> bytes:
    """A workbook of a megabyte whose only sheet unpacks to a gigabyte of nothing."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(UNPACKED_MIB):
                part.write(bytes(MIB))
    return target.getvalue()


def refuse() -> None:
    for _ in range(TIMES):
        with suppress(SheetHostile):
            survey(bomb(), "catalogue.xlsx").close()
            raise AssertionError


def list_directory() -> None:
    for _ in range(TIMES):
        assert b"".join(run("benchmarks.hostile_gate:names", bomb(), limits=Limits()))


def names(payload: bytes) -> Iterator[bytes]:
    """Runs in the child."""
    yield "\n".join(zipfile.ZipFile(BytesIO(payload)).namelist()).encode()


BENCHMARKS = [Benchmark("hostile_gate", TIMES, 2.0, refuse, list_directory, prepare=bomb)]
