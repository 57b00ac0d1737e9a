"""What a file's peculiarities mean to the person who sent it, from the form an upload keeps them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b2b.sheets import notes
from b2b.sheets.survey import Note


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """In the reader's language; the code itself for a note of an older reader that has no sentence any more."""
    try:
        return notes.sentence(Note(code, dict(values)))
    except KeyError:
        return code
