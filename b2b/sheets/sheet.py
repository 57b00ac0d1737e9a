"""A table people exchange, declared once: template, reading, faults, export and annotated copy follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import get_language

from b2b.sheets.cells import plain
from b2b.sheets.parser import Parser


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``heading`` is (English, 简体中文); ``aliases`` are other headings people use for it.

    ``example`` is what the template's example row shows, as the parser would read it; ``width`` is in characters.
    """

    heading: tuple[str, str]
    parse: Parser[Any]
    aliases: tuple[str, ...] = ()
    required: bool = True
    example: str = ""
    note: str | Promise = ""
    width: int = 16
    takes_section: bool = False
    """Whether a row that only holds a title, such as "Fasteners", fills this column of the rows below it."""
    rests_on: tuple[str, ...] = ()
    """Columns that rules ask besides before they find fault with this one; where one is unreadable, it is not told."""
    often_called: str = ""
    """An optional column by whose heading many files mean this one; where none has its own, that is asked."""

    @property
    def title(self) -> str:
        """Both languages, as template and export write it and reading finds it again."""
        english, chinese = self.heading
        return english if english == chinese else f"{english}\n{chinese}"

    def label(self, language: str) -> str:
        return self.heading[1] if language.startswith("zh") else self.heading[0]

    @property
    def here(self) -> str:
        """The heading in the reader's language."""
        return self.label(get_language() or "en")

    def names(self) -> dict[str, int]:
        """Every spelling of the heading, with its rank: 0 for the headings themselves, 1 for aliases."""
        known = {plain(alias): 1 for alias in self.aliases}
        return known | {plain(name): 0 for name in (self.title, *self.heading)}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a sheet's own check finds in a row: at which column, which rule, and why."""

    column: str
    code: str
    detail: str


class Row(dict[str, Any]):
    """One sound row: values by column name (``None`` where an optional cell is blank), and its number in the file."""

    def __init__(self, number: int, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.number = number


class Sheet:
    """Subclass with ``Column`` attributes, in the order they are shown."""

    code: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    about: ClassVar[str | Promise] = ""
    """A few sentences for the instructions sheet."""
    key: ClassVar[tuple[str, ...]] = ()
    """Columns whose values together may stand only once in a file."""
    columns: ClassVar[Mapping[str, Column]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Column)}
        cls.columns = {**cls.columns, **own}

    @classmethod
    def example(cls) -> dict[str, Any] | None:
        """The values of the template's example row; ``None`` where no column gives one."""
        examples = {name: column.parse(column.example) for name, column in cls.columns.items() if column.example}
        return examples or None

    @classmethod
    def check(cls, row: Row) -> Iterable[Wrong]:  # noqa: ARG003 — for subclasses
        """What is wrong between the columns of a row; a cell that cannot be read is ``None`` here, like a blank one."""
        return ()
