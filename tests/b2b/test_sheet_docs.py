"""The pages that tell people how each table is filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from b2b.management.commands.sheet_docs import pages
from b2b.sheets.pages import page
from tests.b2b.workbooks import Parts


def test_a_page_tells_every_column_in_both_languages() -> None:
    english, _heading, chinese = page(Parts, lambda: ["Then it is done."]).partition("## 简体中文")

    row = "| **Part number** | yes | a text of at most 20 characters | `HX-1` | 料号, SKU, Item no. | Your number |"
    assert row in english
    assert "| **料号** | 是 | 不超过 20 个字符的文本 | `HX-1` | Part number, SKU, Item no. | Your number |" in chinese
    assert english.count("\n| **") == chinese.count("\n| **") == len(Parts.columns)
    assert "- A row is known by: Part number. " in english
    assert english.rstrip().endswith("- Then it is done.")


def test_every_declared_table_has_a_page() -> None:
    assert {"catalogue.md", "prices.md", "quotation.md", "rfq_lines.md", "README.md"} <= pages().keys()


def test_a_page_that_does_not_say_what_the_declaration_says_is_named(settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    call_command("sheet_docs")
    folder = tmp_path / "docs" / "sheets"
    (folder / "catalogue.md").write_text("changed", "utf-8")
    (folder / "gone.md").write_text("left over", "utf-8")

    with pytest.raises(CommandError, match=r"Out of date: catalogue\.md, gone\.md\."):
        call_command("sheet_docs", "--check")

    call_command("sheet_docs")
    call_command("sheet_docs", "--check")
    assert not (folder / "gone.md").exists()
