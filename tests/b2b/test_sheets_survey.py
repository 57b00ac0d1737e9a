"""A file is read once; its rows may then be walked any number of times."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from b2b.sheets.faults import SheetEmpty
from b2b.sheets.survey import ColumnMarks, SourceRow, survey
from tests.b2b.workbooks import raw_xlsx, text_cell, xlsx


def test_rows_can_be_walked_twice_and_side_by_side() -> None:
    with survey(xlsx([["a", 1], [None, None], ["b", 2.5]]), "list.xlsx") as found:
        (table,) = found.tables
        rows = [SourceRow(1, ("a", Decimal(1))), SourceRow(3, ("b", Decimal("2.5")))]

        assert list(found.rows(table)) == rows
        assert list(zip(found.rows(table), found.rows(table), strict=True)) == [(row, row) for row in rows]
        assert table.head == tuple(rows)
        assert (table.name, table.row_count, table.width, table.filled_rows) == ("Sheet1", 3, 2, 2)


def test_the_head_holds_the_first_two_hundred_rows_and_the_rest_is_still_there() -> None:
    with survey(xlsx([[number, "x" * 300] for number in range(3000)]), "list.xlsx") as found:
        (table,) = found.tables

        assert [row.number for row in table.head] == list(range(1, 201))
        assert [row.cells[0] for row in found.rows(table)] == list(range(3000))


def test_what_the_texts_of_a_column_give_away_is_counted_over_all_rows() -> None:
    rows = [["1.234,50 €", "25/03/2026"], ["2,5", "03/25/2026"], ["1.234", "03/04/2026"], ["12.5", date(2026, 3, 4)]]
    rows += [[7, None], ["Bolt M8", None]]

    with survey(xlsx(rows), "list.xlsx") as found:
        assert found.tables[0].marks == (
            ColumnMarks(point=1, comma=2, numbers=1, texts=5),
            ColumnMarks(day_first=1, month_first=1, texts=3, dates=1, blanks=2),
        )


def test_progress_is_told_and_what_it_raises_ends_the_reading() -> None:
    class Cancelled(Exception):
        pass

    def cancel(_rows: int) -> None:
        raise Cancelled

    told: list[int] = []
    data = xlsx([[f"{number}" * 50] for number in range(5000)])

    survey(data, "list.xlsx", progress=told.append).close()

    assert told == sorted(told)
    assert (len(told) > 1, told[-1]) == (True, 5000)
    with pytest.raises(Cancelled):
        survey(data, "list.xlsx", progress=cancel)


def test_a_row_of_spaces_is_blank() -> None:
    with pytest.raises(SheetEmpty):
        survey(raw_xlsx(f'<row r="1">{text_cell("A1", "   ")}</row>'), "a.xlsx")


def test_a_percentage_tells_the_decimal_mark_of_its_column() -> None:
    with survey("sku;VAT\nA;12,5 %\nB;19 %\nC;7,125％\n".encode(), "a.csv") as found:
        assert (found.tables[0].marks[1].comma, found.tables[0].marks[1].point) == (1, 0)
