"""Spreadsheet files built byte by byte, well-formed and hostile, for the tests of ``b2b.sheets``."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from b2b.sheets.parsers import (
    choice,
    country,
    currency,
    day,
    percent,
    text,
    unit,
    unit_price,
    whole_number,
    yes_no,
)
from b2b.sheets.sheet import Column, Row, Sheet, Wrong

OOXML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


class Parts(Sheet):
    """A declaration with one column of most kinds."""

    code = "parts"
    title = "Parts"
    about = "One row for each part."
    key = ("sku",)

    sku = Column(("Part number", "料号"), text(20), aliases=("SKU", "Item no."), example="HX-1", note="Your number")
    name = Column(("Name", "名称"), text(80), example="Hexagon bolt 六角螺栓", width=40)
    unit = Column(("Unit", "单位"), unit(), example="piece")
    price = Column(("Unit price", "单价"), unit_price(), aliases=("Price",), example="12.50")
    currency = Column(("Currency", "币种"), currency(), example="CNY")
    vat = Column(("VAT rate", "税率"), percent(), required=False, example="13%")
    since = Column(("Valid from", "生效日期"), day(), required=False, example="2026-01-31")
    until = Column(("Valid until", "截止日期"), day(), required=False)
    kind = Column(("Kind", "类别"), choice({"standard": "Standard", "custom": "Made to order"}), required=False)
    minimum = Column(("MOQ", "起订量"), whole_number(positive=True), required=False, example="100")
    listed = Column(("Listed", "上架"), yes_no(), required=False, example="yes")
    origin = Column(("Origin", "产地"), country(), required=False, example="CN")

    @classmethod
    def check(cls, row: Row) -> Iterable[Wrong]:
        if row["since"] and row["until"] and row["until"] < row["since"]:
            yield Wrong("until", "ends-before-it-begins", "It ends before it begins.")


HEADINGS = ("Part number", "Name", "Unit", "Unit price", "Currency")


def xlsx(rows: Iterable[Sequence[Any]], title: str = "Sheet1") -> bytes:
    """A workbook as openpyxl writes it."""
    workbook = Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    worksheet.title = title
    for row in rows:
        worksheet.append(row)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def zipped(parts: Mapping[str, bytes | str] | Iterable[tuple[str, bytes | str]]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items() if isinstance(parts, Mapping) else parts:
            archive.writestr(name, content)
    return target.getvalue()


def raw_xlsx(
    cells: str,
    *,
    dimension: str = "A1:B2",
    workbook_extra: str = "",
    formats: Sequence[str] = (),
    namespace: str = OOXML,
    relations: str = RELATIONS,
    more: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """A minimal .xlsx around the given ``<row>`` elements; style n+1 has the n-th of ``formats``."""
    number_formats = "".join(
        f'<numFmt numFmtId="{164 + place}" formatCode="{code}"/>' for place, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{164 + place}"/>' for place, _code in enumerate(formats))
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{content}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{content}.styles+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{content}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{namespace}" xmlns:r="{relations}">{workbook_extra}'
            '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{relations}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{namespace}"><numFmts count="{len(formats)}">{number_formats}</numFmts>'
            f'<cellXfs count="{1 + len(formats)}"><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
        ),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{namespace}"><dimension ref="{dimension}"/><sheetData>{cells}</sheetData></worksheet>'
        ),
    }
    return zipped(parts | dict(more or {}))


def text_cell(address: str, value: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{value}</t></is></c>'


def ods(rows: str, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """A minimal OpenDocument spreadsheet around the given ``<table:table-row>`` elements."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f'<office:document-content {names} {calc} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Tabelle1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        for name, part in ({"content.xml": content, "META-INF/manifest.xml": manifest} | dict(more or {})).items():
            archive.writestr(name, part)
    return target.getvalue()


# --- Old .xls -----------------------------------------------------------------------------------
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def label(row: int, column: int, text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + encoded)


def error(row: int, column: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def formula(row: int, column: int, value: bytes) -> bytes:
    """A formula record with the eight bytes of its stored result, and an expression of one missing argument."""
    return record(0x0006, struct.pack("<HHH8sHIH", row, column, 0, value, 0, 0, 1) + b"\x16")


def small_number(row: int, column: int, packed: int, style: int = 0) -> bytes:
    """An RK record: ``packed`` is thirty bits of a whole number and two flags."""
    return record(0x027E, struct.pack("<HHHI", row, column, style, packed))


def xls(
    cells: bytes, *, formats: Sequence[int | str] = (0,), streams: Sequence[str] = (), workbook: bytes = b""
) -> bytes:
    """A BIFF8 workbook of one sheet; cell style n has the number format ``formats[n]``, by number or as a code."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + workbook
    own = {code: 164 + place for place, code in enumerate(formats) if isinstance(code, str)}
    for code, named in own.items():
        begin += record(0x041E, struct.pack("<HHB", named, len(code), 1) + code.encode("utf-16-le"))
    formats = [own[code] if isinstance(code, str) else code for code in formats]
    styles = b"".join(record(0x00E0, struct.pack("<HH", 0, code) + bytes(16)) for code in formats)
    name = b"Sheet1"
    end = record(0x000A)
    sheet_record = 4 + 8 + len(name)
    start = len(begin) + len(styles) + sheet_record + len(end)
    entry = record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + end
    return compound({"Workbook": begin + styles + entry + end + sheet} | dict.fromkeys(streams, b"x"))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB 3) with its streams in the root, each padded past the mini stream's limit."""
    padded = {name: content + bytes(-len(content) % SECTOR) for name, content in streams.items()}
    padded = {name: content + bytes(max(0, 4096 - len(content))) for name, content in padded.items()}
    chains: list[int] = []
    starts: dict[str, int] = {}
    for name, content in padded.items():
        starts[name] = len(chains)
        count = len(content) // SECTOR
        chains += [*range(len(chains) + 1, len(chains) + count), END]
    directory_entries = [_entry("Root Entry", 5, END, 0, child=1)]
    names = sorted(padded, key=lambda name: (len(name), name.upper()))
    for place, name in enumerate(names, start=1):
        after = place + 1 if place < len(names) else FREE
        directory_entries.append(_entry(name, 2, starts[name], len(padded[name]), right=after))
    directory_entries += [bytes(128)] * (-len(directory_entries) % 4)
    directory = len(chains)
    sectors = len(directory_entries) // 4
    chains += [*range(directory + 1, directory + sectors), END]
    fats = 1
    while (len(chains) + fats) * 4 > fats * SECTOR:
        fats += 1
    first_fat = len(chains)
    chains += [FAT] * fats
    table = b"".join(struct.pack("<I", link) for link in chains)
    table += b"\xff" * (fats * SECTOR - len(table))
    difat = [*range(first_fat, first_fat + fats)] + [FREE] * (109 - fats)
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        bytes(6),
        0,
        fats,
        directory,
        0,
        4096,
        END,
        0,
        END,
        0,
        0,
    )
    head = head[:76] + struct.pack("<109I", *difat)
    return head + b"".join(padded.values()) + b"".join(directory_entries) + table


def _entry(name: str, kind: int, start: int, size: int, *, right: int = FREE, child: int = FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", encoded, len(encoded), kind, 1, FREE, right, child, bytes(16), 0, 0, 0, start, size
    )
