"""The empty workbook people fill in: headings, an example, drop-downs, and a page that explains every column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook

from b2b.sheets import styles
from b2b.sheets.exporting import Drawn, saved
from b2b.sheets.sheet import Column, Sheet

INSTRUCTIONS = "Instructions 说明"
LANGUAGES = ("en", "zh-hans")


def template(sheet: type[Sheet], language: str, rows: Iterable[Mapping[str, Any]] = ()) -> bytes:
    """An .xlsx to fill in; with ``rows`` already in it, or with the declaration's example, which reading leaves out."""
    workbook = Workbook(write_only=True)
    with override(language):
        drawn = Drawn(workbook, sheet)
        drawn.headings()
        filled = False
        for row in rows:
            drawn.row(row)
            filled = True
        if not filled and (example := sheet.example()):
            drawn.row(example, note=_("An example. Overwrite it, or leave it: it is not imported."))
        drawn.choices()
    _instructions(workbook, sheet)
    return saved(workbook)


def _instructions(workbook: Workbook, sheet: type[Sheet]) -> None:
    """The page in both languages, one table of columns below the other."""
    page: Any = workbook.create_sheet(INSTRUCTIONS)
    for letter, width in zip("ABCDE", (26, 12, 44, 22, 60), strict=True):
        page.column_dimensions[letter].width = width
    for language in LANGUAGES:
        with override(language):
            _chapter(page, sheet, language)


def _chapter(page: Any, sheet: type[Sheet], language: str) -> None:
    title = styles.cell(page, str(sheet.title))
    title.font = styles.TITLE_FONT
    page.append([title])
    for paragraph in filter(
        None, (str(sheet.about), _("Columns marked * must be filled in. Both languages of a heading count."))
    ):
        page.append([styles.cell(page, paragraph)])
    heads = [_("Column name"), _("Required"), _("What to write"), _("For example"), _("Remarks")]
    page.append([_head(page, text) for text in heads])
    for column in sheet.columns.values():
        page.append([_wrapped(page, text) for text in _line(column, language)])
    page.append([])


def _line(column: Column, language: str) -> tuple[str, str, str, str, str]:
    required = _("yes") if column.required else _("no")
    return column.label(language), required, str(column.parse.expects), column.example, str(column.note)


def _head(page: Any, text: str) -> Any:
    cell = styles.cell(page, text)
    cell.font, cell.fill, cell.alignment = styles.HEADING_FONT, styles.REQUIRED_FILL, styles.WRAPPED
    return cell


def _wrapped(page: Any, text: str) -> Any:
    cell = styles.cell(page, text)
    cell.alignment, cell.border = styles.WRAPPED, styles.LINE
    return cell
