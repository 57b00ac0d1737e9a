"""Categories as people name them, and what each asks of its products; read once and asked thousands of times."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz, process

from b2b.errors import Fault
from b2b.sheets.cells import plain
from suppliers.models import Attribute, Category
from suppliers.models.values import attribute_faults, plain_number

LIKE_ENOUGH = 60
"""Of a hundred; a suggestion may be further off than what would be taken."""
SUGGESTED = 3
MOST_REMEMBERED = 20_000
_PATH = re.compile(r"\s*[>/»›→\\]\s*")
_COMMA = re.compile(r"-?\d+,(\d{1,2}|\d{4,})")
"""A decimal comma: three places behind it could be thousands."""
_SAID = {
    **dict.fromkeys(("true", "yes", "y", "ja", "oui", "sí", "是", "有"), True),
    **dict.fromkeys(("false", "no", "n", "nein", "non", "否", "无"), False),
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with every attribute it asks for, its own and those of the categories it lies in."""

    id: UUID
    code: str
    names: tuple[str, ...]
    above: tuple[UUID, ...]
    review_required: bool
    asked: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """Attribute values in their types, and what is wrong with which. Shared between rows: never changed."""

    values: Mapping[str, Any]
    faults: Mapping[str, Fault]


class Shelves:
    """All of them, as they were when they were first asked."""

    def __init__(self, categories: Iterable[Category], attributes: Iterable[Attribute]) -> None:
        own: dict[UUID, list[Attribute]] = defaultdict(list)
        for attribute in attributes:
            own[attribute.category_id].append(attribute)
        self.by_id = {category.pk: _shelf(category, own) for category in categories}
        self._found: dict[str, tuple[Shelf, ...]] = {}
        self._typed: dict[Any, Typed] = {}

    @classmethod
    def all(cls) -> Shelves:
        return cls(Category.objects.all(), Attribute.objects.all())

    # --- By what people call them ---------------------------------------------------------------------
    def named(self, text: str) -> tuple[Shelf, ...]:
        """Those it may mean, by code, name in either language and any case, or path; several where it is unclear."""
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = self._named(text.casefold().strip())
        return found

    def like(self, text: str) -> tuple[str, ...]:
        """What else the text may be meant as: codes of the shelves that are called something like it."""
        close = process.extract(
            text.casefold(), self._codes_by_name.keys(), scorer=fuzz.WRatio, score_cutoff=LIKE_ENOUGH, limit=SUGGESTED
        )
        return tuple(dict.fromkeys(self._codes_by_name[name] for name, *_ in close))

    def _named(self, text: str) -> tuple[Shelf, ...]:
        if text in self._by_code:
            return (self._by_code[text],)
        if text in self._by_name:
            return tuple(self._by_name[text])
        *above, last = [part for part in _PATH.split(text) if part] or [""]
        candidates = self._by_name.get(last, []) if above else []
        return tuple(shelf for shelf in candidates if self._lies_under(shelf, above[-1]))

    def _lies_under(self, shelf: Shelf, name: str) -> bool:
        parents = (self.by_id[key] for key in shelf.above[-1:])
        return any(name in (parent.code.casefold(), *parent.names) for parent in parents)

    @cached_property
    def _by_code(self) -> dict[str, Shelf]:
        return {shelf.code.casefold(): shelf for shelf in self.by_id.values()}

    @cached_property
    def _by_name(self) -> dict[str, list[Shelf]]:
        found: dict[str, list[Shelf]] = defaultdict(list)
        for shelf in self.by_id.values():
            for name in set(shelf.names):
                found[name].append(shelf)
        return found

    @cached_property
    def _codes_by_name(self) -> dict[str, str]:
        return {name: shelf.code for shelf in self.by_id.values() for name in (shelf.code.casefold(), *shelf.names)}

    # --- What they ask --------------------------------------------------------------------------------
    def coded(self, shelf_id: UUID | None, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """Attribute values by code, where they were said by an attribute's name in either language."""
        shelf = self.by_id.get(shelf_id) if shelf_id else None
        codes = {attribute.code for attribute in shelf.asked} if shelf else set()
        if shelf is None or said.keys() <= codes:
            return said
        by_name = _codes_of(shelf.asked)
        found = {name: name if name in codes else by_name.get(plain(name), name) for name in said}
        twice = {code for code, count in Counter(found.values()).items() if count > 1}
        return {name if found[name] in twice else found[name]: value for name, value in said.items()}

    def typed(self, shelf_id: UUID | None, said: Mapping[str, Any]) -> Typed:
        """Attribute values as the category has them."""
        key = (shelf_id, *said.items())
        found = self._typed.get(key)
        if found is None:
            if len(self._typed) >= MOST_REMEMBERED:
                self._typed.clear()
            found = self._typed[key] = self._judged(self.by_id.get(shelf_id) if shelf_id else None, said)
        return found

    def _judged(self, shelf: Shelf | None, said: Mapping[str, Any]) -> Typed:
        asked = shelf.asked if shelf else ()
        kinds = {attribute.code: attribute.kind for attribute in asked}
        values = {code: of_kind(kinds.get(code, "text"), value) for code, value in said.items()}
        faults = attribute_faults(values, asked) if shelf else ()
        return Typed(values, {fault.pointer.rpartition("/")[2]: fault for fault in faults})

    def values_like(self, shelf_id: UUID | None, code: str, said: str) -> tuple[str, ...]:
        """The allowed values of a choice that look like what was said, or all where there are few."""
        asked = self.by_id[shelf_id].asked if shelf_id in self.by_id else ()
        allowed = next((one.allowed_values for one in asked if one.code == code), [])
        spelt = {value: value.casefold() for value in allowed}
        close = process.extract(said.casefold(), spelt, scorer=fuzz.WRatio, score_cutoff=LIKE_ENOUGH, limit=SUGGESTED)
        return tuple(value for *_, value in close) or tuple(allowed[:SUGGESTED])


def _codes_of(asked: Iterable[Attribute]) -> dict[str, str]:
    """By how people write them, without those that several attributes are called."""
    meant: dict[str, set[str]] = defaultdict(set)
    for attribute in asked:
        for name in filter(None, map(plain, (attribute.code, attribute.name, attribute.native_name))):
            meant[name].add(attribute.code)
    return {name: codes.pop() for name, codes in meant.items() if len(codes) == 1}


def of_kind(kind: str, value: Any) -> Any:
    """A number in its plain form and a yes or no as such; the rest, and what is neither, as it was written."""
    if kind == "boolean" and isinstance(value, str):
        return _SAID.get(value.casefold(), value)
    if kind == "number" and isinstance(value, str):
        return plain_number(value.replace(",", ".") if _COMMA.fullmatch(value) else value)
    return value


def _shelf(category: Category, own: Mapping[UUID, list[Attribute]]) -> Shelf:
    names = tuple(name.casefold() for name in (category.name, category.native_name) if name)
    asked = tuple(attribute for key in category.lineage for attribute in own.get(key, ()))
    return Shelf(category.pk, category.code, names, tuple(category.lineage[:-1]), category.review_required, asked)
