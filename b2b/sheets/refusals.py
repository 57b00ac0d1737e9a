"""The sentence behind each reason for refusing a whole file."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from b2b.sandbox import Refused, Stopped, Why
from b2b.sheets.faults import SheetEmpty, SheetFormat, SheetHostile, SheetRefused, SheetUnreadable

_Sentence = Callable[[], str]

_SENTENCES: dict[str, tuple[type[SheetRefused], _Sentence]] = {
    "too-large": (SheetHostile, lambda: _("The file is larger than %(most)s MB. Split it into several files.")),
    "unknown-suffix": (
        SheetFormat,
        lambda: _("Files named %(suffix)s are not read. Save the table as .xlsx, .xls, .ods or .csv."),
    ),
    "macro-format": (
        SheetHostile,
        lambda: _("%(suffix)s files may hold macros and are not read. Save the workbook as .xlsx."),
    ),
    "xlsb": (SheetFormat, lambda: _("This is a binary workbook (.xlsb), which is not read. Save it as .xlsx.")),
    "too-old": (
        SheetFormat,
        lambda: _("This is a workbook of Excel 4 or older, which is not read. Open it and save it as .xlsx."),
    ),
    "numbers-app": (
        SheetFormat,
        lambda: _("This is a spreadsheet of Apple Numbers, which is not read. Export it as Excel (.xlsx)."),
    ),
    "pdf": (SheetFormat, lambda: _("This is a PDF document. Send the table itself, as .xlsx or .csv.")),
    "exchange-format": (
        SheetFormat,
        lambda: _("This is a file in SYLK or DIF, which are not read. Open it and save it as .xlsx or .csv."),
    ),
    "document": (
        SheetFormat,
        lambda: _("This is a text document or a presentation. Copy its table into a workbook and send that."),
    ),
    "image": (SheetFormat, lambda: _("This is a picture. Send the table itself, as .xlsx or .csv.")),
    "archive": (SheetFormat, lambda: _("This is a compressed archive. Unpack it and send the table in it.")),
    "not-what-it-says": (
        SheetFormat,
        lambda: _("The name ends in %(suffix)s, but the content is of another kind. Save it again as %(suffix)s."),
    ),
    "named-otherwise": (
        SheetFormat,
        lambda: _(
            "The name ends in %(suffix)s, but the content is a %(real)s workbook. Rename the file and send it again."
        ),
    ),
    "empty-file": (SheetEmpty, lambda: _("The file is empty.")),
    "no-sheets": (SheetEmpty, lambda: _("The workbook holds no worksheet that can be read. Save it again as .xlsx.")),
    "no-rows": (SheetEmpty, lambda: _("No sheet of the workbook holds any value.")),
    "damaged": (SheetUnreadable, lambda: _("The file is damaged or incomplete. Save it again and send it once more.")),
    "password": (SheetUnreadable, lambda: _("The file is protected by a password. Save it without one.")),
    "unknown-encoding": (
        SheetUnreadable,
        lambda: _("The letters of the text make no words in any encoding we know. Save it as “CSV UTF-8”."),
    ),
    "not-a-text": (SheetFormat, lambda: _("The file is named as a text, but holds bytes that no text has.")),
    "parted-by-spaces": (
        SheetUnreadable,
        lambda: _("The columns of the text are parted by spaces only. Save the table as .xlsx or .csv."),
    ),
    "unclosed-quote": (
        SheetUnreadable,
        lambda: _("A quotation mark in the text is never closed, or a cell is longer than 131,072 characters."),
    ),
    "too-many-cells": (
        SheetHostile,
        lambda: _("The file has more than %(most)s filled cells. Split it into several files."),
    ),
    "too-many-tables": (
        SheetHostile,
        lambda: _("The workbook has more than %(most)s sheets. Split it into several files."),
    ),
    "row-too-long": (SheetHostile, lambda: _("A row of the file holds more than 16 MB of text.")),
    "beyond-the-sheet": (
        SheetUnreadable,
        lambda: _("A cell stands beyond the last row or column a spreadsheet has. Copy the table into a new workbook."),
    ),
    "row-twice": (
        SheetUnreadable,
        lambda: _(
            "The file holds the same row or cell twice, as no spreadsheet program writes it. Open it and save it again."
        ),
    ),
    "overlapping-parts": (
        SheetHostile,
        lambda: _("Parts of the archive share the same bytes, as only a trap does."),
    ),
    "too-many-parts": (
        SheetHostile,
        lambda: _("The file is an archive of more than %(most)s parts; no plain workbook needs that many."),
    ),
    "unpacks-too-large": (SheetHostile, lambda: _("The file unpacks to more than %(most)s MB.")),
    "packed-too-tightly": (
        SheetHostile,
        lambda: _("A part of the file unpacks to more than %(most)s times its size, as only a trap does."),
    ),
    "duplicate-parts": (SheetHostile, lambda: _("The archive holds two parts of the same name.")),
    "outside-paths": (SheetHostile, lambda: _("The archive names files outside itself.")),
    "macros": (SheetHostile, lambda: _("The workbook holds macros. Save it as .xlsx, without them.")),
    "embedded-objects": (
        SheetHostile,
        lambda: _("Other documents or controls are embedded in the workbook. Remove them and save it again."),
    ),
    "doctype": (
        SheetHostile,
        lambda: _("A part of the workbook declares a document type, as no spreadsheet program writes it."),
    ),
    "takes-too-long": (
        SheetHostile,
        lambda: _("Reading the file took longer than %(most)s seconds. Split it into several files."),
    ),
    "takes-too-much": (
        SheetHostile,
        lambda: _("Reading the file needs more memory than allowed. Split it into several files."),
    ),
    "stops-the-reader": (
        SheetUnreadable,
        lambda: _(
            "The file is damaged, or a cell far outside the table holds a value. Copy the table into a new workbook."
        ),
    ),
}


def refusal(code: str, **values: str | int) -> SheetRefused:
    """The error to raise for a reason; its sentence is in the reader's language."""
    kind, sentence = _SENTENCES[code]
    return kind(sentence() % values)


def of_child(ended: Refused | Stopped, *, wall_seconds: int) -> SheetRefused:
    """The error for what the sandbox reported."""
    if isinstance(ended, Refused):
        return refusal(ended.code, **ended.values)
    if ended.why == Why.TIME:
        return refusal("takes-too-long", most=wall_seconds)
    if ended.why in (Why.MEMORY, Why.ANSWER):
        return refusal("takes-too-much")
    return refusal("stops-the-reader")
