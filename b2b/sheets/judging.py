"""What an uploaded file is, by its name and its first bytes, before anything of it is parsed."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import PurePath

from django.conf import settings

from b2b.sandbox import MIB
from b2b.sheets.refusals import refusal

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
OPEN_XML = (".xlsx", ".xlsm")
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
WORKBOOKS = (*OPEN_XML, ".xls", ".ods")
PAGE, PAGES, XML_WORKBOOK, TEXT = ".html", ".mht", ".xml", ".text"
"""What many a program writes under the name of ``.xls``: a web page, several packed as a mail, Excel's XML of 2003,
tabs and line ends."""
LOOKED_AT_BYTES = 2048

_KNOWN_SUFFIXES = {
    ".xlsb": "xlsb",
    ".xltm": "macro-format",
    ".xlam": "macro-format",
    ".xla": "macro-format",
    ".numbers": "numbers-app",
    ".pdf": "pdf",
    ".doc": "document",
    ".docx": "document",
    ".odt": "document",
    ".rtf": "document",
    ".ppt": "document",
    ".pptx": "document",
    ".zip": "archive",
    ".rar": "archive",
    ".7z": "archive",
    ".gz": "archive",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg"), "image"),
}
_KNOWN_BYTES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"{\\rtf", "document"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
)
_EXCHANGE = re.compile(
    rb'ID;P\w*(?:;[NE])*\r?\n(?:P;P|B;[XY]\d|O;[LPD]|F;[PWDM]|C;[XY]\d)|TABLE\r?\n0,1\r?\n"', re.IGNORECASE
)
"""How files in SYLK and in DIF begin: text, but no table of cells side by side."""
_PROGRAMMED = re.compile(rb"\s*(?:<(?:!doctype|html|\?xml)\b|[\[{]\s*[\[{\"])", re.IGNORECASE)
"""How pages, XML and JSON begin: mostly what a server answered in place of the file."""
_MIME = re.compile(rb"\s*MIME-Version\s*:", re.IGNORECASE)
_TAG = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_XML_2003 = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=[\"']Excel\.Sheet", re.IGNORECASE)


def judged(data: bytes, filename: str) -> str:
    """The suffix of what the file is, in lower case, when size, name and first bytes agree. Raises a refusal.

    A page, an XML workbook or a text that is named as an old workbook is judged to be what it is.
    """
    suffix = PurePath(filename).suffix.casefold()
    if len(data) > settings.SHEET_LIMIT_BYTES:
        raise refusal("too-large", most=settings.SHEET_LIMIT_BYTES // MIB)
    if not data:
        raise refusal("empty-file")
    if suffix in _KNOWN_SUFFIXES:
        raise refusal(_KNOWN_SUFFIXES[suffix], suffix=suffix)
    if suffix not in (*WORKBOOKS, *TEXT_SUFFIXES):
        raise refusal("unknown-suffix", suffix=suffix[:12] or "…")
    return _judged_content(data, suffix)


def _judged_content(data: bytes, suffix: str) -> str:
    real = real_suffix(data)
    if real is None:
        return _judged_text(data, suffix)
    if suffix in TEXT_SUFFIXES:
        raise refusal("named-otherwise", suffix=suffix, real=real)
    if real == ".xls" and suffix in OPEN_XML:
        return suffix  # An .xlsx with a password is a compound file; the child tells it from a renamed .xls.
    if real != suffix and not (real == ".xlsx" and suffix == ".xlsm"):
        raise refusal("named-otherwise", suffix=suffix, real=real)
    return suffix


def _judged_text(data: bytes, suffix: str) -> str:
    for start, code in _KNOWN_BYTES:
        if data.startswith(start) and not (start == b"BM" and suffix in TEXT_SUFFIXES):
            raise refusal(code, suffix=suffix)
    if _EXCHANGE.match(data[:LOOKED_AT_BYTES]):
        raise refusal("exchange-format")
    if suffix in TEXT_SUFFIXES:
        return _named_text(data, suffix)
    if suffix != ".xls":
        raise refusal("not-what-it-says", suffix=suffix)
    return _named_xls(data)


def _named_text(data: bytes, suffix: str) -> str:
    if _PROGRAMMED.match(_beginning(data).removeprefix(b"\xef\xbb\xbf")):
        raise refusal("not-what-it-says", suffix=suffix)
    return suffix


def _named_xls(data: bytes) -> str:
    start = _beginning(data)
    if _MIME.match(start):
        return PAGES
    if _XML_2003.search(start):
        return XML_WORKBOOK
    if _TAG.search(start):
        return PAGE
    if start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        raise refusal("not-what-it-says", suffix=".xls")
    if _is_old_binary(data):
        raise refusal("too-old", suffix=".xls")
    if not re.search(rb"[\t;,|]", start) or re.search(rb"[\x01-\x08\x0e-\x1f]", start):
        raise refusal("not-what-it-says", suffix=".xls")
    return TEXT


def _beginning(data: bytes) -> bytes:
    """As UTF-8 where the text is in UTF-16, half of whose bytes may look like control characters."""
    start = data[:LOOKED_AT_BYTES]
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return start.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return start.replace(b"\0", b"")


def _is_old_binary(data: bytes) -> bool:
    """Excel 2 to 4 wrote a bare stream of records: the first begins a sheet or a workbook."""
    return data[:1] == b"\x09" and data[1:2] in (b"\x00", b"\x02", b"\x04") and data[3:4] == b"\x00"


def real_suffix(data: bytes) -> str | None:
    """What the first bytes say the workbook is."""
    if data.startswith(COMPOUND):
        return ".xls"
    if not data.startswith(ZIP):
        return None
    return ".ods" if ODS_TYPE in data[:200] else ".xlsx"
