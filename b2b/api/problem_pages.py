"""The pages behind problem types, written once in docs/problems/ for readers of both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PAGE = re.compile(
    r"# (?P<code>\S+)\n\nHTTP (?P<status>\d{3})\n\n## English\n\n(?P<english>.+?)\n\n## 简体中文\n\n(?P<chinese>.+)",
    re.DOTALL,
)


class NoSuchPage(LookupError):
    """No problem has this code, or its page is not written as the others are."""


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """One problem: the first paragraph of each text is what its title says."""

    code: str
    status: int
    english: str
    chinese: str


def folder() -> Path:
    return Path(settings.BASE_DIR) / "docs" / "problems"


def page(code: str) -> ProblemPage:
    """Raises ``NoSuchPage``. The code is checked before it becomes part of a path."""
    path = folder() / f"{code}.md"
    if CODE.fullmatch(code) is None or not path.is_file():
        raise NoSuchPage(code)
    written = PAGE.fullmatch(path.read_text(encoding="utf-8").strip())
    if written is None or written["code"] != code:
        raise NoSuchPage(code)
    return ProblemPage(code, int(written["status"]), written["english"], written["chinese"])
