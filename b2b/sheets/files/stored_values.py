"""Put the stored results of formulas back: openpyxl keeps formulas or values, never both.

Without them the copy would show nothing until a spreadsheet program has opened and saved it, and reading it again
would find formulas that lost their values.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import to_excel

_CELL = re.compile(
    rb'<c r="(?P<place>[A-Z]+[0-9]+)"(?P<style>(?: s="[0-9]+")?)>'
    rb"(?P<formula><f[ >].*?</f>|<f[^>]*/>)<v ?(?:/>|></v>)</c>",
    re.DOTALL,
)


def put_back(workbook: Workbook, copy: bytes, original: bytes) -> bytes:
    """``copy`` is ``workbook`` as it was saved, with the results that ``original`` holds for its formulas."""
    wanted = {
        f"xl/worksheets/sheet{number}.xml": (worksheet.title, places)
        for number, worksheet in enumerate(workbook.worksheets, start=1)
        if (places := _formulas(worksheet))
    }
    if not wanted:
        return copy
    values = _values(original, dict(wanted.values()))
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(copy)) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as mended:
        for entry in archive.infolist():
            part = archive.read(entry)
            if entry.filename in wanted:
                part = _filled(part, values[wanted[entry.filename][0]])
            mended.writestr(entry.filename, part)
    return target.getvalue()


def _formulas(worksheet: Any) -> frozenset[str]:
    cells = (cell for row in worksheet.iter_rows() for cell in row)
    return frozenset(cell.coordinate for cell in cells if cell.data_type == "f")


def _values(original: bytes, wanted: Mapping[str, frozenset[str]]) -> dict[str, dict[str, str]]:
    """By sheet and cell: the attribute and the element that tell the value."""
    stored = load_workbook(BytesIO(original), data_only=True, keep_links=False)
    return {
        name: {place: told for place in places if (told := _told(stored[name][place], stored.epoch))}
        for name, places in wanted.items()
    }


def _told(cell: Any, epoch: datetime) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return f' t="b"|<v>{value:d}</v>'
    if isinstance(value, (datetime, date, time, timedelta)):
        return f"|<v>{to_excel(value, epoch)}</v>"  # type: ignore[no-untyped-call]
    if isinstance(value, (int, float)):
        return f"|<v>{value!r}</v>"
    return f' t="{"e" if cell.data_type == "e" else "str"}"|<v>{escape(str(value))}</v>'


def _filled(part: bytes, values: Mapping[str, str]) -> bytes:
    def with_value(found: re.Match[bytes]) -> bytes:
        told = values.get(found["place"].decode())
        if told is None:
            return found[0]
        kind, _bar, value = told.partition("|")
        return b"".join(
            (
                b'<c r="',
                found["place"],
                b'"',
                found["style"],
                kind.encode(),
                b">",
                found["formula"],
                value.encode(),
                b"</c>",
            )
        )

    return _CELL.sub(with_value, part)
