"""Whether a product's attributes say what its category asks for, in the form it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from b2b.errors import Fault
from b2b.number import InvalidNumber, exact

if TYPE_CHECKING:
    from suppliers.models.category import Attribute

NUMBER_WHOLE, NUMBER_PLACES = 12, 6
LONGEST_TEXT = 200


_CODE = re.compile(r"[A-Za-z0-9_][\w-]*", re.ASCII)


def is_code(name: str) -> bool:
    """Whether an attribute's code may look like that."""
    return _CODE.fullmatch(name) is not None


def attribute_faults(values: Mapping[str, Any], asked: Sequence[Attribute]) -> Iterator[Fault]:
    """One fault for each value that is missing, unknown, or not of the attribute's kind."""
    known = {attribute.code: attribute for attribute in asked}
    for code in sorted(values.keys() - known.keys()):
        yield _fault(code, "attribute-unknown", gettext("The category has no attribute “%(code)s”.") % {"code": code})
    for code, attribute in known.items():
        if code in values:
            yield from _value_faults(attribute, values[code])
        elif attribute.required:
            missing = gettext("“%(name)s” is required in this category.") % {"name": attribute.name}
            yield _fault(code, "attribute-missing", missing)


def plain_number(text: str) -> str:
    """A number as every reader writes it, so that equal numbers are equal texts; other texts as they are."""
    try:
        return f"{exact(text, whole=NUMBER_WHOLE, places=NUMBER_PLACES).normalize():f}"
    except InvalidNumber:
        return text


def with_plain_numbers(values: Mapping[str, Any], asked: Sequence[Attribute]) -> dict[str, Any]:
    numbers = {attribute.code for attribute in asked if attribute.kind == "number"}
    return {
        code: plain_number(value) if code in numbers and isinstance(value, str) else value
        for code, value in values.items()
    }


def _value_faults(attribute: Attribute, value: Any) -> Iterator[Fault]:
    if not _CHECKS[attribute.kind](attribute, value):
        said = {"value": str(value)[:80], "name": attribute.name}
        yield _fault(attribute.code, "attribute-value", gettext("“%(value)s” is no value for “%(name)s”.") % said)


def _is_text(attribute: Attribute, value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def _is_number(attribute: Attribute, value: Any) -> bool:
    """Numbers stand as strings, so that none of their digits is lost in JSON."""
    try:
        return isinstance(value, str) and exact(value, whole=NUMBER_WHOLE, places=NUMBER_PLACES) is not None
    except InvalidNumber:
        return False


def _is_choice(attribute: Attribute, value: Any) -> bool:
    return value in attribute.allowed_values


def _is_boolean(attribute: Attribute, value: Any) -> bool:
    return isinstance(value, bool)


_CHECKS = {"text": _is_text, "number": _is_number, "choice": _is_choice, "boolean": _is_boolean}


def _fault(code: str, kind: str, detail: str) -> Fault:
    return Fault(f"#/attributes/{code}", kind, detail)
