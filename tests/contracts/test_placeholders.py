"""A text is filled in by name, in one pass, and can do nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.placeholders import filled, names_in, stray_marks

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
PLAIN = st.text().filter(lambda text: "{" not in text and "}" not in text)


def test_places_are_filled_by_name_whatever_the_spaces():
    text = "{{supplier_name}} delivers to {{  buyer_name }}."

    assert names_in(text) == {"supplier_name", "buyer_name"}
    assert filled(text, {"supplier_name": "Ningbo", "buyer_name": "北工"}) == "Ningbo delivers to 北工."


def test_what_nothing_fills_stands_as_its_name():
    assert filled("Within {{ days }} days.", {"days": ""}) == "Within [days] days."


def test_a_value_is_never_looked_at_again():
    assert filled("{{ a }}", {"a": "{{ b }} {% debug %}", "b": "secret"}) == "{{ b }} {% debug %}"


@pytest.mark.parametrize(
    "text", ["{{ a.b }}", "{{ a|safe }}", "{% load x %}", "{# hidden #}", "{{ }}", "{{ a", "a }}", "{{ A }}"]
)
def test_anything_but_a_name_between_braces_is_a_stray_mark(text):
    assert stray_marks(text) != []
    assert filled(text, {"a": "x", "b": "y"}) == text


@given(PLAIN)
def test_a_text_without_places_stays_as_it_is(text):
    assert filled(text, {}) == text
    assert stray_marks(text) == []


@given(NAMES, PLAIN, PLAIN, PLAIN)
def test_a_place_becomes_its_value_and_nothing_around_it_changes(name, before, after, value):
    expected = f"{before}{value or f'[{name}]'}{after}"

    assert filled(f"{before}{{{{ {name} }}}}{after}", {name: value}) == expected
