"""Texts as people see them, whichever way they come in: by the API or in a table."""

from __future__ import annotations

import re

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Control characters that no spreadsheet can hold: all but the tab and the ends of lines."""
_UNSEEN = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\r\n?")
"""What has no width, and what turns the direction of writing. Joiners stay: they make one sign of several."""


def as_seen(text: str) -> str:
    """Without characters nobody sees, by which one item number would be two; every end of a line is one sign."""
    return text if text.isascii() and "\r" not in text else _UNSEEN.sub(_shown, text)


def _shown(unseen: re.Match[str]) -> str:
    return "\n" if unseen[0][0] == "\r" else ""
