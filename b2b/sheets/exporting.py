"""Write rows of a declared sheet so that reading them again gives the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.utils.translation import get_language, override
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from b2b.sandbox import Refused, Stopped, run
from b2b.sheets import styles
from b2b.sheets.files import wire
from b2b.sheets.files.wire import METADATA_SHEET
from b2b.sheets.parser import Written
from b2b.sheets.refusals import of_child, refusal
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.workbook import LIMITS, judged

MOST_IN_CELL = 32_000
"""Characters; Excel's own limit is 32,767."""
VALIDATED_ROWS = 10_000
LONGEST_LIST = 255
"""Characters of a drop-down's list in the cell rule itself; a longer one stands on a hidden sheet."""
CHOICES_SHEET = f"{METADATA_SHEET}_choices"


def export(
    sheet: type[Sheet],
    rows: Iterable[Mapping[str, Any]],
    *,
    language: str | None = None,
    unlocked: Iterable[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> bytes:
    """The rows as an .xlsx with both languages in its headings; texts in cells follow ``language``.

    ``unlocked`` names the columns that may be changed, and protects everything else. ``metadata`` is kept on a
    hidden sheet for ``metadata_of``; it is not secret and can be changed by who knows how: sign what matters.
    """
    with override(language or get_language()):
        workbook = Workbook(write_only=True)
        drawn = Drawn(workbook, sheet, unlocked=None if unlocked is None else frozenset(unlocked))
        drawn.headings()
        for row in rows:
            drawn.row(row)
        drawn.choices()
        if metadata is not None:
            keep_metadata(workbook, metadata)
        return saved(workbook)


class Drawn:
    """One declared sheet being drawn into a write-only workbook, from its headings down."""

    def __init__(self, workbook: Workbook, sheet: type[Sheet], *, unlocked: frozenset[str] | None = None) -> None:
        self.workbook, self.sheet, self.unlocked = workbook, sheet, unlocked
        self.worksheet: Any = workbook.create_sheet(styles.sheet_title(str(sheet.title) or sheet.code))
        self.worksheet.freeze_panes = "A2"
        self.worksheet.row_dimensions[1].height = 36
        for place, column in enumerate(sheet.columns.values(), start=1):
            shape = self.worksheet.column_dimensions[get_column_letter(place)]
            shape.width = column.width
            shape.number_format = column.parse.number_format
            if unlocked is not None:
                shape.protection = styles.SHUT
        if unlocked is not None:
            self._protect()

    def headings(self) -> None:
        self.worksheet.append([self._heading(column) for column in self.sheet.columns.values()])

    def row(self, values: Mapping[str, Any], *, note: str = "") -> None:
        """One row of values as the parsers give them; with ``note``, a row that only shows how it is done."""
        cells = [self._cell(name, column, values.get(name)) for name, column in self.sheet.columns.items()]
        if note:
            for cell in cells:
                cell.font = styles.EXAMPLE_FONT
            cells[0].comment = styles.comment(note)
        self.worksheet.append(cells)

    def choices(self) -> None:
        """Drop-downs for every column that has choices."""
        listed = [column.parse.choices() for column in self.sheet.columns.values()]
        long = {place: options for place, options in enumerate(listed, start=1) if options and not _fits(options)}
        for place, options in enumerate(listed, start=1):
            if options:
                source = _range(place, options) if place in long else f'"{",".join(options)}"'
                self._rule(place, source)
        if long:
            self._choices_sheet(long)

    def _heading(self, column: Column) -> Any:
        cell = styles.cell(self.worksheet, f"{column.title}{' *' if column.required else ''}")
        cell.font, cell.alignment = styles.HEADING_FONT, styles.CENTRED
        cell.fill = styles.REQUIRED_FILL if column.required else styles.OPTIONAL_FILL
        if hint := hint_of(column):
            cell.comment = styles.comment(hint)
        return cell

    def _cell(self, name: str, column: Column, value: Any) -> Any:
        written: Written = None if value is None else column.parse.write(value)
        cell = styles.cell(self.worksheet, written, column.parse.number_format)
        if self.unlocked is not None and name in self.unlocked:
            cell.protection = styles.OPEN
        return cell

    def _protect(self) -> None:
        """Without a password: it guards against slips, and what must not change is checked when it comes back."""
        protection = self.worksheet.protection
        protection.sheet = True
        protection.formatColumns = protection.formatRows = protection.sort = protection.autoFilter = False

    def _rule(self, place: int, source: str) -> None:
        letter = get_column_letter(place)
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        rule.add(f"{letter}2:{letter}{VALIDATED_ROWS}")
        self.worksheet.data_validations.append(rule)

    def _choices_sheet(self, long: Mapping[int, tuple[str, ...]]) -> None:
        hidden: Any = self.workbook.create_sheet(CHOICES_SHEET)
        hidden.sheet_state = "veryHidden"
        for number in range(max(len(options) for options in long.values())):
            hidden.append(
                [
                    styles.cell(hidden, long[place][number]) if place in long and number < len(long[place]) else None
                    for place in range(1, max(long) + 1)
                ]
            )


def hint_of(column: Column) -> str:
    """What the comment on a heading says: the note, and what to write."""
    expects = str(column.parse.expects)
    return "\n".join(part for part in (str(column.note), expects) if part)


def keep_metadata(workbook: Workbook, metadata: Mapping[str, Any]) -> None:
    hidden: Any = workbook.create_sheet(METADATA_SHEET)
    hidden.sheet_state = "veryHidden"
    text = json.dumps(metadata, ensure_ascii=True, separators=(",", ":"))
    for start in range(0, len(text), MOST_IN_CELL):
        # The bar keeps a piece from looking like a number, a date or an error value.
        hidden.append([styles.cell(hidden, "|" + text[start : start + MOST_IN_CELL])])


def metadata_of(data: bytes, filename: str) -> dict[str, Any] | None:
    """What ``export`` kept in a workbook of ours; ``None`` in any other file. Raises as ``workbook.open`` does.

    It comes back from outside: believe nothing of it that is not signed.
    """
    if judged(data, filename) != ".xlsx":
        return None
    try:
        tables = list(wire.tables(run("b2b.sheets.files.parsing:metadata", data, limits=LIMITS)))
    except (Refused, Stopped) as ended:
        raise of_child(ended, wall_seconds=LIMITS.wall_seconds) from None
    except wire.Nonsense as nonsense:
        raise refusal("stops-the-reader") from nonsense
    return _decoded("".join(str(row[0])[1:] for row in tables[0].rows if row)) if tables else None


def _decoded(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def saved(workbook: Workbook) -> bytes:
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def _fits(options: tuple[str, ...]) -> bool:
    return len(",".join(options)) <= LONGEST_LIST and not any("," in option or '"' in option for option in options)


def _range(place: int, options: tuple[str, ...]) -> str:
    letter = get_column_letter(place)
    return f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(options)}"
