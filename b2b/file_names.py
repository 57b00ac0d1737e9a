"""A name that is safe to show, to store and to send in a header."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 150
UNNAMED = "file"

FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control and formatting characters: among them the ones that turn ``exe.pdf`` around on the screen."""


def safe_name(name: str) -> str:
    """The last part of a path, in NFC, without what hides or breaks, its suffix in lower case, up to 150 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(" " if c in "\t\r\n" else c for c in unicodedata.normalize("NFC", last))
    shown = "".join(c for c in shown if unicodedata.category(c) not in HIDDEN_CATEGORIES)
    path = PurePosixPath(" ".join(FORBIDDEN.sub("_", shown).split()).lstrip(". ") or UNNAMED)
    suffix = path.suffix.lower()
    return path.stem[: LONGEST_NAME - len(suffix)] + suffix
