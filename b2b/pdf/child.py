"""Draw HTML as PDF: the work the sandbox runs.

The PDF is tagged and archival (PDF/A-3a, ISO 19005-3), which also lets it carry attachments. Its identifier and all
its dates come from the document, so that the same document gives the same bytes.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO

import weasyprint

from b2b.pdf.fetcher import BASE_URL, Outside, PackagedOnly
from b2b.sandbox import MIB, Refused

VARIANT = "pdf/a-3a"
MOST_MISSING = 100


def draw(html: bytes, *, attachments: Sequence[dict[str, str]], dated: int) -> Iterator[bytes]:
    """One line of JSON with pages and missing characters, then the PDF. Raises ``Refused``."""
    os.environ["SOURCE_DATE_EPOCH"] = str(dated)  # Font subsets bear a date too.
    missing = _Missing()
    fetcher = PackagedOnly()
    options = {
        "pdf_variant": VARIANT,
        "pdf_identifier": hashlib.sha256(html).digest()[:16],
        "attachments": [_attachment(described, fetcher, dated) for described in attachments],
    }
    target = BytesIO()
    with contextlib.suppress(Outside):
        document = weasyprint.HTML(string=html.decode(), base_url=BASE_URL, url_fetcher=fetcher).render(**options)
        document.write_pdf(target, **options)
    if fetcher.refused:
        raise Refused("outside", url=fetcher.refused)
    yield json.dumps({"pages": len(document.pages), "missing": missing.letters()}).encode() + b"\n"
    pdf = target.getvalue()
    for start in range(0, len(pdf), MIB):
        yield pdf[start : start + MIB]


class _Missing(logging.Handler):
    """Listens for the characters WeasyPrint reports no font for."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: set[str] = set()
        logger = logging.getLogger("weasyprint")
        logger.handlers = [self]
        logger.setLevel(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            self.found.add(str(record.args[0]))

    def letters(self) -> str:
        return "".join(sorted(self.found)[:MOST_MISSING])


def _attachment(described: dict[str, str], fetcher: PackagedOnly, dated: int) -> weasyprint.Attachment:
    moment = datetime.fromtimestamp(dated, UTC)
    return weasyprint.Attachment(
        string=base64.b64decode(described["content"]),
        url_fetcher=fetcher,
        name=described["name"],
        description=described["description"],
        created=moment,
        modified=moment,
        relationship=described["relationship"],
    )
