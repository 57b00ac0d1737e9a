from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from b2b.sheets.cells import Broken
from b2b.sheets.files.telling import Budget, Percentage, Telling
from b2b.sheets.files.wire import Nonsense, SourceRow, rows, tables, told


def spoken(*numbered: tuple[int, list[object]]) -> list[bytes]:
    return list(Telling(Budget(1000), "a").whole(numbered))


def test_a_table_survives_the_wire() -> None:
    cells = [
        (1, ["x", None, "a\u2028\t\n"]),
        (3, [1, "", float("nan"), 0.1 + 0.2, True]),
        (4, [None]),
        (6, [None, Broken("#REF!"), Percentage(0.125), date(2026, 3, 4), " "]),
    ]

    (table,) = tables(spoken(*cells))

    assert table.rows == [
        ("x", None, "a\u2028\t\n"),
        (),
        (Decimal(1), None, Broken("#NUM!"), Decimal("0.3"), True),
        (),
        (),
        (None, Broken("#REF!"), "12.5%", date(2026, 3, 4)),
    ]


def test_a_cell_far_to_the_right_does_not_cost_a_word_for_every_blank_before_it() -> None:
    pieces = spoken((1, [*[None] * 16_000, "x"]))

    assert max(map(len, pieces[:-1])) < 100
    (table,) = tables(pieces)
    assert table.rows == [(*[None] * 16_000, "x")]


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "1\t[1]",
        "x\t\t[1]",
        "1\tq\t[1]",
        '1\t\t{"evil": 1}',
        '1\t\t[{"q": "x"}]',
        '1\t\t[{"d": "no day"}]',
        '1\t\t[{"d": 1}]',
        '1\t\t[{"e": "x", "d": "y"}]',
        '1\t\t[{"k": -1}]',
        '1\t\t[{"k": 16000}, {"k": 16000}]',
        "1\t\t[[1]]",
        "1\t\t[" + "[" * 100_000,
        "1\t\t[NaN]",
        "1\t\t[1",
        "1\t\t",
    ],
)
def test_what_a_broken_child_says_is_not_believed(line: str) -> None:
    with pytest.raises(Nonsense):
        list(rows([line]))


@pytest.mark.parametrize("piece", [b"T[1]", b"T{", b"T\xff", b"T" + b"[" * 100_000])
def test_a_head_that_is_no_object_is_not_believed(piece: bytes) -> None:
    with pytest.raises(Nonsense):
        told(piece)


def test_hidden_rows_and_stored_results_are_marked() -> None:
    assert list(rows(["4\th\t[1]", "5\th2,3\t[1]", "6\t1\t[1]"])) == [
        SourceRow(4, (Decimal(1),), hidden=True),
        SourceRow(5, (Decimal(1),), hidden=True, formulas=(2, 3)),
        SourceRow(6, (Decimal(1),), formulas=(1,)),
    ]
