"""Cells and areas as formulas name them."""

from __future__ import annotations

from functools import cache


@cache
def letters(column: int) -> str:
    """``A`` for 1, ``AA`` for 27."""
    word = ""
    while column:
        column, place = divmod(column - 1, 26)
        word = chr(ord("A") + place) + word
    return word


def cell(row: int, column: int) -> str:
    return f"{letters(column)}{row}"


def area(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    return f"{cell(first_row, first_column)}:{cell(last_row, last_column)}"


def fixed_area(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """One that stays where it is when a formula is copied."""
    return f"${letters(first_column)}${first_row}:${letters(last_column)}${last_row}"


def quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"
