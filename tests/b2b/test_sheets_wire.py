from __future__ import annotations

import pytest

from b2b.sheets.files.wire import Nonsense, Raw, batches, lines, tables
from b2b.sheets.table import Table

HEAD = b'{"table":"a","hidden":false,"from_1904":false}\n'


def test_a_table_survives_the_wire() -> None:
    raw = Raw("a", [["x", None, "\u2028"], [], [1, "", float("nan")], [None]], broken={(6, 2): "#REF!"})

    (table,) = tables(batches(lines(raw)))

    assert isinstance(table, Table)
    assert [[str(cell) for cell in row] for row in table.rows] == [
        ["x", "None", "\u2028"],
        [],
        ["1", "None", "Broken(shown='#NUM!')"],
        [],
        [],
        ["None", "Broken(shown='#REF!')"],
    ]


@pytest.mark.parametrize(
    "spoken",
    [
        b"hello\n",
        b"[1, 2]\n",
        b'{"evil": 1}\n',
        HEAD + b'[{"q": "x"}]\n',
        HEAD + b'[{"d": "no day"}]\n',
        HEAD + b'[{"d": 1}]\n',
        HEAD + b'{"f": []}\n',
        HEAD + b"[" * 100_000 + b"\n",
        HEAD + b"[NaN]\n" + HEAD,
        HEAD + b"\xff\n",
    ],
)
def test_what_a_broken_child_says_is_not_believed(spoken: bytes) -> None:
    with pytest.raises(Nonsense):
        list(tables([spoken]))
