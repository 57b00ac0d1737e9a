"""Write, or with ``--check`` compare, docs/sheets/: one page for each kind of table people exchange."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from b2b.own_apps import own_apps
from b2b.sheets.pages import page, title_of
from b2b.sheets.sheet import Sheet
from b2b.uploads import formats
from b2b.uploads.explaining import sentences
from b2b.uploads.format import Format


class Command(BaseCommand):
    help = "Write the pages of docs/sheets from the declared tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say which pages are out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "sheets"
        wanted = pages()
        present = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
        stale = sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))
        if check and stale:
            raise CommandError(f"Out of date: {', '.join(stale)}. Run script/manage sheet_docs.")
        folder.mkdir(exist_ok=True)
        for name in stale:
            if name in wanted:
                (folder / name).write_text(wanted[name], "utf-8")
            else:
                (folder / name).unlink()


def pages() -> dict[str, str]:
    """By file name."""
    declared = {sheet.code: sheet for sheet in _declared(Sheet)}
    known = formats.formats()
    wanted = {
        f"{code}.md": page(sheet, partial(_applying, known.get(code))) for code, sheet in sorted(declared.items())
    }
    lines = [f"- [{title_of(sheet)}]({code}.md)" for code, sheet in sorted(declared.items())]
    return wanted | {"README.md": "\n".join(["# The tables people exchange · 可交换的表格", "", *lines]) + "\n"}


def _applying(declared: Format | None) -> list[str]:
    return list(sentences(declared))


def _declared(parent: type[Sheet]) -> Iterator[type[Sheet]]:
    """Every sheet with a code of its own in the apps' ``sheets`` packages."""
    formats.discover()
    packages = tuple(f"{config.name}.sheets." for config in own_apps() if config.name != "b2b")
    for sheet in parent.__subclasses__():
        if vars(sheet).get("code") and sheet.__module__.startswith(packages):
            yield sheet
        yield from _declared(sheet)
