"""Places in a text that a contract fills: ``{{ supplier_name }}``.

Nothing but names is understood, and a value is never looked at again, so neither a clause nor a
value can make the text do anything. The text is user's text: no template engine ever sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

PLACE = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}")
STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

STANDARD = (
    "contract_number",
    "contract_title",
    "buyer_name",
    "buyer_address",
    "supplier_name",
    "supplier_address",
    "starts_on",
    "ends_on",
    "notice_days",
    "currency",
    "value",
    "ceiling",
    "payment_terms",
    "incoterm",
    "place",
)
"""What every contract knows of itself."""


def names_in(text: str) -> set[str]:
    return set(PLACE.findall(text))


def names_in_all(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in names_in(text)}


def stray_marks(text: str) -> list[str]:
    """Braces that belong to no well-formed place, in the order they stand."""
    return STRAY.findall(PLACE.sub("", text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each place replaced by its value, in one pass; what has none yet stands as ``[name]``."""
    return PLACE.sub(lambda place: values.get(place[1]) or f"[{place[1]}]", text)
