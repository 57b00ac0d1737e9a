from __future__ import annotations

import json

import pytest

from b2b.sheets.layout import Layout

LAYOUT = Layout(
    "Prices",
    (3, 4),
    {"sku": 1, "price": 5},
    constants={"currency": "EUR"},
    include_hidden_rows=True,
    fingerprint="ab12",
    is_confirmed=True,
)


def test_a_layout_is_the_same_after_it_was_kept_as_json() -> None:
    assert Layout.from_json(json.loads(json.dumps(LAYOUT.to_json()))) == LAYOUT


def test_data_begin_below_the_last_row_of_headings_or_at_once() -> None:
    assert (LAYOUT.first_row, Layout("a", (), {}).first_row) == (5, 1)


def test_an_answer_confirms_the_layout_and_leaves_the_old_one_alone() -> None:
    asked = Layout("a", (1,), {"sku": 1})

    answered = asked.confirmed(columns={"sku": 2})

    assert (answered.columns, answered.is_confirmed) == ({"sku": 2}, True)
    assert (asked.columns, asked.is_confirmed) == ({"sku": 1}, False)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"table": "a", "header_rows": [1]},
        {"table": "a", "header_rows": 1, "columns": {}},
        {"table": "a", "header_rows": [0], "columns": {}},
        {"table": "a", "header_rows": ["1"], "columns": {}},
        {"table": "a", "header_rows": [True], "columns": {}},
        {"table": "a", "header_rows": [1], "columns": {"sku": 0}},
        {"table": "a", "header_rows": [1], "columns": {"sku": 1.0}},
        {"table": "a", "header_rows": [1], "columns": ["sku"]},
        {"table": "a", "header_rows": [1], "columns": {}, "include_hidden_rows": "yes"},
        {"table": "a", "header_rows": [1], "columns": {}, "constants": ["EUR"]},
    ],
)
def test_what_is_no_layout_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Layout.from_json(told)
