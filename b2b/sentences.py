"""Sentences that are kept and said again later, each time in the language of whoever reads them.

What a job finds wrong is found in the language of the person who started it, and read by colleagues in theirs. So
while ``remembered`` holds, every translated sentence remembers what was looked up in the catalogue and what was put
into it; ``kept`` makes JSON of that, and ``said`` a sentence in the language of the moment. A text that was put
together otherwise is kept as it is, and so is read in the language it was written in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override, trans_real

from b2b.quantity import Quantity
from b2b.unit import unit

ID, PLURAL, NUMBER, VALUES = "msgid", "plural", "number", "values"
MEASURE, UNIT = "measure", "measured_in"
_CONTEXT_MARK = "\x04"
"""Between the context of a message and the message, in catalogues."""


class Sentence(str):
    """A translated text that knows its message."""

    __slots__ = ("message",)
    message: Mapping[str, Any]

    def __new__(cls, text: str, message: Mapping[str, Any]) -> Self:
        made = super().__new__(cls, text)
        made.message = message
        return made

    def __mod__(self, values: Any) -> str:
        text = super().__mod__(values)
        if not isinstance(values, Mapping) or VALUES in self.message:
            return text
        return Sentence(text, {**self.message, VALUES: {str(name): _value(one) for name, one in values.items()}})

    def __str__(self) -> str:
        """Itself: what passes through ``str()`` is still the same sentence."""
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> Any:
        return str, (self[:],)


class Measure(str):
    """A unit by its name, or so many of it, as people read it: what is kept is said in each reader's language."""

    __slots__ = ("told",)
    told: Mapping[str, Any]

    def __new__(cls, code: str, value: Decimal | None = None) -> Self:
        told = {UNIT: code} if value is None else {MEASURE: f"{value.normalize():f}", UNIT: code}
        made = super().__new__(cls, _measure(told))
        made.told = told
        return made


def _measure(told: Mapping[str, Any]) -> str:
    if MEASURE in told:
        return Quantity(Decimal(told[MEASURE]), told[UNIT]).display()
    return unit(told[UNIT]).label()


def _value(value: Any) -> Any:
    """A value as JSON: numbers stay numbers, as sentences may count by them; other sentences stay sentences."""
    if isinstance(value, Measure):
        return dict(value.told)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Decimal):
        return str(value)
    return kept(str(value))


def _without_context(text: str) -> str:
    """A message no catalogue has comes back with its context before it."""
    return text.rpartition(_CONTEXT_MARK)[2]


class _Remembering:
    """Stands before a language's catalogue."""

    def __init__(self, catalogue: Any) -> None:
        self.catalogue = catalogue

    def gettext(self, message: str) -> str:
        return Sentence(_without_context(self.catalogue.gettext(message)), {ID: message})

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        text = _without_context(self.catalogue.ngettext(singular, plural, number))
        return Sentence(text, {ID: singular, PLURAL: plural, NUMBER: number})

    def __getattr__(self, name: str) -> Any:
        return getattr(self.catalogue, name)


def _place() -> Any:
    """Where Django keeps the catalogue that is active in this thread; it offers no other way to another kind of one."""
    return trans_real._active  # type: ignore[attr-defined]  # noqa: SLF001


@contextmanager
def remembered() -> Iterator[None]:
    """Have every sentence of this thread remember its message, in the language that is active."""
    before = trans_real.catalog()
    if isinstance(before, _Remembering):
        yield
        return
    active = _place()
    active.value = _Remembering(before)
    try:
        yield
    finally:
        active.value = before


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """``override`` within ``remembered``: what is active afterwards remembers as before."""
    active = _place()
    before = trans_real.catalog()
    try:
        with override(language):
            yield
    finally:
        active.value = before


def listed(texts: Iterable[str]) -> str:
    """With commas between them; each stays a sentence of its own where it is one."""
    *before, last = [*texts] or [""]
    return gettext("%(one)s, %(more)s") % {"one": listed(before), "more": last} if before else last


def kept(text: Any) -> Any:
    """A sentence as JSON; a text that is none, as it is. Of dictionaries and lists, everything in them."""
    if isinstance(text, Sentence):
        return dict(text.message)
    if isinstance(text, Measure):
        return dict(text.told)
    if isinstance(text, Promise):
        return kept(str(text))
    if isinstance(text, dict):
        return type(text)({name: kept(one) for name, one in text.items()})
    if isinstance(text, (list, tuple)):
        return [kept(one) for one in text]
    return text


def said(told: Any) -> str:
    """The sentence of what ``kept`` gave, in the reader's language."""
    if not isinstance(told, Mapping):
        return "" if told is None else str(told)
    if UNIT in told:
        return _measure(told)
    found = ngettext(told[ID], told[PLURAL], told[NUMBER]) if PLURAL in told else gettext(told[ID])
    text = _without_context(found)
    if VALUES not in told:
        return text
    return text % {name: said(one) if isinstance(one, Mapping) else one for name, one in told[VALUES].items()}


def revived(told: Any) -> Any:
    """What ``kept`` gave, with its sentences said in the language of the moment; ``kept`` gives the same again."""
    if isinstance(told, dict) and UNIT in told:
        return Measure(told[UNIT], Decimal(told[MEASURE]) if MEASURE in told else None)
    if isinstance(told, dict):
        return (
            Sentence(said(told), told) if ID in told else type(told)({name: revived(one) for name, one in told.items()})
        )
    return [revived(one) for one in told] if isinstance(told, list) else told
