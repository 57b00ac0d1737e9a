"""Draw a document: the template here, the drawing in the sandbox."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from b2b.errors import DomainError
from b2b.sandbox import MIB, Limits, Refused, Stopped, Why, run

log = logging.getLogger(__name__)

LIMITS = Limits(memory_bytes=1536 * MIB, cpu_seconds=180, wall_seconds=240, answer_bytes=256 * MIB)
DAWN = datetime(2000, 1, 1, tzinfo=UTC)
"""The instant a document without a date of its own bears in places that must have one."""
_HTML_LANGUAGES = {"zh-hans": "zh-Hans"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF. ``relationship`` as in ISO 32000-2, 7.11.3: Data, Source or Supplement."""

    name: str
    content: bytes
    description: str = ""
    relationship: str = "Supplement"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF. ``sha256`` is in hexadecimal; ``missing`` holds the characters no installed font could draw."""

    pdf: bytes = field(repr=False)
    sha256: str
    pages: int
    missing: str = ""


class PdfOutside(DomainError):
    """The document asks for a picture, style sheet or attachment that is not one of ours."""

    status, code = 422, "pdf-outside"
    title = gettext_lazy("The document refers to something outside itself.")


class PdfTooLarge(DomainError):
    status, code, title = 422, "pdf-too-large", gettext_lazy("The document is too large to be drawn.")


class PdfNotDrawn(DomainError):
    status, code, title = 422, "pdf-not-drawn", gettext_lazy("The document cannot be drawn.")


class PdfUnavailable(DomainError):
    """What draws PDFs is not installed on this machine, or lacks a font."""

    status: ClassVar[int] = 503
    code: ClassVar[str] = "pdf-unavailable"
    title: ClassVar[str | Promise] = gettext_lazy("PDF documents cannot be made on this machine.")


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    language: str,
    attachments: Iterable[Attachment] = (),
    dated: datetime | None = None,
) -> Rendered:
    """Draw ``template`` in ``language``. The same input gives the same bytes.

    The template extends ``b2b/pdf/document.html``. ``dated`` is the instant the document bears as its creation,
    never the clock's. Raises ``PdfOutside``, ``PdfTooLarge``, ``PdfNotDrawn`` or ``PdfUnavailable``.
    """
    html = document_html(template, context, language=language, dated=dated)
    return draw(html, attachments=attachments, dated=dated)


def document_html(template: str, context: Mapping[str, Any], *, language: str, dated: datetime | None = None) -> str:
    """The HTML a template gives, with what every document needs to know."""
    with override(language):
        known = {
            "html_language": _HTML_LANGUAGES.get(language, language),
            "page_counter": page_counter(),
            "dated": dated.astimezone(UTC).isoformat(timespec="seconds") if dated else "",
        }
        return render_to_string(template, {**known, **context})


def page_counter() -> SafeString:
    """The CSS content that says which page of how many, in the reader's word order."""
    sentence = _("Page %(page)s of %(pages)s") % {"page": "\0page\0", "pages": "\0pages\0"}
    words = sentence.split("\0")
    parts = [f"counter({word})" if place % 2 else _css_string(word) for place, word in enumerate(words) if word]
    return mark_safe(" ".join(parts))  # noqa: S308 — our own translated words


def _css_string(words: str) -> str:
    """Quoted as in CSS, which reads the escapes of JSON differently."""
    return json.dumps(words, ensure_ascii=False)


def draw(html: str, *, attachments: Iterable[Attachment] = (), dated: datetime | None = None) -> Rendered:
    """Draw finished HTML. Raises as ``render`` does."""
    try:
        answer = b"".join(
            run(
                "b2b.pdf.child:draw",
                html.encode(),
                limits=LIMITS,
                attachments=[_packed(attachment) for attachment in attachments],
                dated=int((dated or DAWN).timestamp()),
            )
        )
    except (Refused, Stopped) as ended:
        raise _refusal(ended) from None
    head, _line, pdf = answer.partition(b"\n")
    told = json.loads(head)
    missing = str(told["missing"])
    if any(map(_is_chinese, missing)):
        raise PdfUnavailable(_("No installed font can draw Chinese. Install one, such as the package fonts-noto-cjk."))
    if missing:
        log.warning("characters without a font", extra={"count": len(missing)})
    return Rendered(pdf, hashlib.sha256(pdf).hexdigest(), int(told["pages"]), missing)


def _packed(attachment: Attachment) -> dict[str, str]:
    return {
        "name": attachment.name,
        "content": base64.b64encode(attachment.content).decode(),
        "description": attachment.description,
        "relationship": attachment.relationship,
    }


def _is_chinese(letter: str) -> bool:
    """Whether it is of the CJK Unified Ideographs, their extension A, or CJK punctuation."""
    return "\u4e00" <= letter <= "\u9fff" or "\u3400" <= letter <= "\u4dbf" or "\u3000" <= letter <= "\u303f"


def _refusal(ended: Refused | Stopped) -> DomainError:
    if isinstance(ended, Refused):
        if ended.code == "unavailable":
            return PdfUnavailable(_("Pango is missing. Install the system's package for it, such as libpango-1.0-0."))
        return PdfOutside(_("It asks for %(url)s; only its own pictures may be used.") % {"url": ended.values["url"]})
    if ended.why == Why.CRASH:
        log.error("PDF not drawn", extra={"place": ended.place})
        return PdfNotDrawn(_("Drawing it failed. Look for unusual characters or pictures in it."))
    return PdfTooLarge(_("Drawing it takes more time or memory than allowed. Split it into several documents."))
