"""Which kinds of tables people may bring; each registers itself beside its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError
from b2b.own_apps import own_apps

if TYPE_CHECKING:
    from b2b.uploads.format import Format

F = TypeVar("F", bound="type[Format]")
_formats: dict[str, Format] = {}


class UnknownFormat(DomainError):
    status, code, title = 422, "unknown-format", _("There is no such kind of table.")


def register(declared: F) -> F:
    """Class decorator: offer a format under its code."""
    _formats[declared.code] = declared()
    return declared


def formats() -> Mapping[str, Format]:
    """Every format by its code, in the order of registration."""
    return _formats


def format_of(code: str) -> Format:
    """Raises ``UnknownFormat``."""
    if code not in _formats:
        known = ", ".join(sorted(_formats))
        raise UnknownFormat(gettext("Choose one of: %(formats)s.") % {"formats": known})
    return _formats[code]


def discover() -> None:
    """Import every module of the apps' ``sheets`` packages, which registers what they declare."""
    for config in own_apps():
        package = f"{config.name}.sheets"
        if config.name == "b2b":
            continue  # b2b.sheets reads tables and declares none.
        try:
            found = import_module(package)
        except ModuleNotFoundError as missing:
            if missing.name != package:
                raise
            continue
        for module in iter_modules(found.__path__, f"{package}."):
            import_module(module.name)
