"""Write, or with ``--check`` compare, docs/workflows/: one page for each machine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from b2b.workflow.document import documents
from b2b.workflow.pages import page


class Command(BaseCommand):
    help = "Write the workflow pages of docs/workflows from the declared steps."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say which pages are out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "workflows"
        wanted = {f"{model._meta.model_name}.md": page(model) for model in documents()}
        wanted["README.md"] = _index(wanted)
        present = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
        stale = sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))
        if check and stale:
            raise CommandError(f"Out of date: {', '.join(stale)}. Run script/manage workflow_docs.")
        for name in stale:
            if name in wanted:
                (folder / name).write_text(wanted[name], "utf-8")
            else:
                (folder / name).unlink()


def _index(pages: dict[str, str]) -> str:
    titles = {name: text.splitlines()[0].removeprefix("# ") for name, text in pages.items()}
    lines = [f"- [{title}]({name})" for name, title in sorted(titles.items())]
    return "\n".join(["# The lives of the documents", "", *lines]) + "\n"
