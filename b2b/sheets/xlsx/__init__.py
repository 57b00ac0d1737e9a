"""Write .xlsx workbooks from the first row to the last without ever holding a sheet.

``Book`` is the workbook, ``Worksheet`` the sheet that is open in it; ``looks`` are its styles, ``fragments`` its cells.
"""

from b2b.sheets.xlsx.addresses import fixed_area
from b2b.sheets.xlsx.book import Book
from b2b.sheets.xlsx.fragments import Lane, Style, TextTooLong, fragment, plain_texts, text_writer
from b2b.sheets.xlsx.looks import Look, LookBook
from b2b.sheets.xlsx.notices import shown_width
from b2b.sheets.xlsx.shape import Choices, ColumnShape, Notice, Shape
from b2b.sheets.xlsx.worksheet import MOST_ROWS, Worksheet

__all__ = [
    "MOST_ROWS",
    "Book",
    "Choices",
    "ColumnShape",
    "Lane",
    "Look",
    "LookBook",
    "Notice",
    "Shape",
    "Style",
    "TextTooLong",
    "Worksheet",
    "fixed_area",
    "fragment",
    "plain_texts",
    "shown_width",
    "text_writer",
]
