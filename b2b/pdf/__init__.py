"""PDF documents from HTML templates, drawn by WeasyPrint in a sandboxed child that reaches nothing outside."""

from b2b.pdf.rendering import Attachment, PdfNotDrawn, PdfOutside, PdfTooLarge, PdfUnavailable, Rendered, render

__all__ = ["Attachment", "PdfNotDrawn", "PdfOutside", "PdfTooLarge", "PdfUnavailable", "Rendered", "render"]
