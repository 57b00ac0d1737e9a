"""The translation files of the apps: where they lie, and compiling them for Django.

``python script/hanse catalogues`` compiles those that changed.
"""

from __future__ import annotations

import os
from pathlib import Path

from hanse.places import ROOT


def apps() -> list[Path]:
    return sorted(path.parent for path in ROOT.glob("*/apps.py"))


def catalogue_of(app: Path) -> Path:
    return app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def stale() -> list[Path]:
    """The ``.po`` files that are newer than their ``.mo``."""
    return [path for app in apps() if (path := catalogue_of(app)).exists() and _older(path.with_suffix(".mo"), path)]


def _older(compiled: Path, source: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_catalogue(source: Path) -> None:
    """Written beside and moved into place, so that a server that starts meanwhile reads a whole file."""
    # The set-up asks this module what is stale before Babel is installed.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with source.open("rb") as lines:
        catalogue = read_po(lines)
    unfinished = source.with_suffix(f".{os.getpid()}.tmp")
    with unfinished.open("wb") as compiled:
        write_mo(compiled, catalogue)
    unfinished.replace(source.with_suffix(".mo"))


def main(_arguments: list[str]) -> int:
    for source in stale():
        compile_catalogue(source)
    return 0
