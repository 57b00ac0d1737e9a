"""The empty workbook people fill in: headings, an example, drop-downs, and a page that explains every column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from b2b.sheets import styles
from b2b.sheets.drawing import Drawing
from b2b.sheets.hints import what_to_write
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.xlsx import Book, ColumnShape, Look, Shape, Worksheet, fragment, shown_width

INSTRUCTIONS = "Instructions 说明"
LANGUAGES = ("en", "zh-hans")
WIDTHS = (26, 11, 46, 30, 52)
LINE_HEIGHT = 15.5
TITLE_HEIGHT = 30
LEGEND_HEIGHT = 22


def template(
    sheet: type[Sheet],
    language: str,
    rows: Iterable[Mapping[str, Any]] = (),
    *,
    choices: Mapping[str, Iterable[str]] | None = None,
) -> bytes:
    """An .xlsx to fill in; with ``rows`` already in it, or with the declaration's example, which reading leaves out.

    ``choices`` gives columns the drop-downs only the moment knows, such as the categories there are.
    """
    target = BytesIO()
    with override(language), Book(target) as book:
        drawing = Drawing(book, sheet, choices=choices)
        if not drawing.rows(rows) and (example := sheet.example()):
            drawing.example(example, _("An example. Overwrite it, or leave it: it is not imported."))
        drawing.finish_rows()
        Instructions(book, sheet).write(language)
        drawing.lists()
    return target.getvalue()


class Instructions:
    """The page in both languages, the reader's first; one table of columns below the other."""

    def __init__(self, book: Book, sheet: type[Sheet]) -> None:
        self.book, self.sheet = book, sheet
        shape = Shape([ColumnShape(width) for width in WIDTHS], grid=False)
        self.page: Worksheet = book.sheet(INSTRUCTIONS, shape)

    def write(self, language: str) -> None:
        for each in sorted(LANGUAGES, key=lambda known: known[:2] != language[:2]):
            with override(each):
                self._chapter(each)

    def _chapter(self, language: str) -> None:
        self._across(str(self.sheet.title) or self.sheet.code, styles.TITLE, height=TITLE_HEIGHT)
        if self.sheet.about:
            self._across(str(self.sheet.about), styles.PARAGRAPH)
        self._across(_("Columns marked * must be filled in. Both languages of a heading count."), styles.PARAGRAPH)
        for sentence in (
            _("The headings may stand in any order, and columns you do not need may be left out."),
            _("Cells with an arrow offer a list; other spellings of the same are understood too."),
        ):
            self._across(sentence, styles.PARAGRAPH)
        self._legend(_("Required"), styles.REQUIRED, _("Must be filled in, in every row."))
        self._legend(_("Optional"), styles.OPTIONAL, _("May stay blank."))
        self._row(["", "", "", "", ""], Look())
        heads = [_("Column name"), _("Required"), _("What to write"), _("For example"), _("Remarks")]
        self._row(heads, styles.TABLE_HEADING)
        for column in self.sheet.columns.values():
            self._row(_line(column, language), styles.TABLE_REQUIRED if column.required else styles.TABLE)
        self._row(["", "", "", "", ""], Look())

    def _legend(self, word: str, look: Look, meaning: str) -> None:
        """What the colour of a heading means."""
        shown = fragment(word, styles.style(self.book.looks, look))
        self.page.row([shown, fragment(meaning, styles.style(self.book.looks, styles.PARAGRAPH))], height=LEGEND_HEIGHT)
        self.page.merged.append((self.page.row_number, 2, self.page.row_number, len(WIDTHS)))

    def _across(self, text: str, look: Look, *, height: float = 0) -> None:
        """A paragraph over the whole width; programs do not find the height of merged cells by themselves."""
        lines = sum(1 + shown_width(line) // sum(WIDTHS) for line in text.splitlines())
        style = styles.style(self.book.looks, look)
        self.page.row([fragment(text, style), *[fragment(None, style)] * 4], height=height or LINE_HEIGHT * lines + 3)
        number = self.page.row_number
        self.page.merged.append((number, 1, number, len(WIDTHS)))

    def _row(self, texts: Iterable[str], look: Look) -> None:
        style = styles.style(self.book.looks, look)
        held = list(texts)
        lines = max(
            sum(1 + shown_width(line) // (width - 2) for line in text.splitlines())
            for text, width in zip(held, WIDTHS, strict=True)
        )
        self.page.row([fragment(text, style) for text in held], height=LINE_HEIGHT * max(lines, 1) + 3)


def _line(column: Column, language: str) -> tuple[str, str, str, str, str]:
    required = _("yes") if column.required else _("no")
    return column.label(language), required, what_to_write(column), column.example, str(column.note)
