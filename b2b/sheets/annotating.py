"""The user's own file back: faulty cells coloured and commented, and a column that says what to mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path, PurePath
from typing import BinaryIO

from b2b.sandbox import MIB, Limits, Refused, Stopped, run
from b2b.sheets.copying import Fault, copy_to
from b2b.sheets.faults import CellFault
from b2b.sheets.reading import Reading
from b2b.sheets.workbook import judged, log

LIMITS = Limits(memory_bytes=2048 * MIB, cpu_seconds=120, wall_seconds=150, file_bytes=512 * MIB)
OPEN_XML = (".xlsx", ".xlsm")


def annotate(data: bytes, filename: str, *, table: str, heading_row: int, faults: Iterable[Fault]) -> bytes:
    """The workbook of ``annotate_to``, held."""
    target = BytesIO()
    annotate_to(target, data, filename, table=table, heading_row=heading_row, faults=faults)
    return target.getvalue()


def annotate_to(
    target: BinaryIO | Path, data: bytes, filename: str, *, table: str, heading_row: int, faults: Iterable[Fault]
) -> None:
    """Write an .xlsx: the file itself where it is one, otherwise a new workbook with the same tables.

    A fault is (row, column, remark), both from 1; without a column (0) it is the row's, without a row the table's.
    Also a workbook too large or too unusual to be changed in place comes back as a new one; one with macros comes
    back without them, and says so. What an earlier annotation left is gone. Raises as ``survey`` does.
    """
    listed = list(faults)
    if (suffix := judged(data, filename)) in OPEN_XML:
        try:
            mended = _in_place(data, table, heading_row, listed, without_macros=suffix == ".xlsm")
        except (Refused, Stopped) as ended:
            log.info("annotated as a new workbook", extra={"reason": str(ended)})
        else:
            _write(target, mended)
            return
    copy_to(target, data, filename, table=table, heading_row=heading_row, faults=listed)


def annotated_name(filename: str) -> str:
    """What the annotated copy is called: it is an .xlsx whatever was sent."""
    return f"{PurePath(filename.replace(chr(92), '/')).stem or 'table'}.xlsx"


def annotate_reading(data: bytes, filename: str, reading: Reading) -> bytes:
    """The copy with everything a reading found."""
    return annotate(
        data,
        filename,
        table=reading.table,
        heading_row=reading.header.row if reading.header else 1,
        faults=faults_of(reading.faults),
    )


def faults_of(found: Iterable[CellFault]) -> Iterator[Fault]:
    """Each with its sentence, and the column's heading where the cell does not stand under it."""
    for fault in found:
        named = fault.column or not fault.heading
        yield fault.row, fault.column, fault.detail if named else f"{fault.heading}: {fault.detail}"


def _in_place(data: bytes, table: str, heading_row: int, faults: list[Fault], *, without_macros: bool) -> list[bytes]:
    """Everything the child answers, before any of it is written: it may break off."""
    answer = run(
        "b2b.sheets.files.annotation:annotate",
        data,
        limits=LIMITS,
        sheet=table,
        heading_row=heading_row,
        faults=faults,
        without_macros=without_macros,
    )
    return list(answer)


def _write(target: BinaryIO | Path, pieces: list[bytes]) -> None:
    if isinstance(target, Path):
        target.write_bytes(b"".join(pieces))
        return
    for piece in pieces:
        target.write(piece)
