"""Whether every string of the apps has its Simplified Chinese, with the same placeholders.

``python script/hanse translations`` names what is wrong; with ``--update`` it adds what is missing to each app's
``locale/zh_Hans/LC_MESSAGES/django.po``, empty, for a person to translate.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from hanse.catalogues import apps, catalogue_of
from hanse.places import ROOT

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators:",)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
LINE_WIDTH = 110


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    if parser.parse_args(arguments).update:
        for app in apps():
            update(app)
    faults = [*(fault for app in apps() for fault in faults_of(app)), *contradictions(apps())]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


# --- What is wrong ------------------------------------------------------------------------------------
def faults_of(app: Path) -> Iterator[str]:
    translated = catalogue(app)
    for message in strings(app):
        is_header = not message.id
        if not is_header and (fault := fault_of(message, translated.get(message.id, message.context))):
            yield f"{app.name}: {_first(message.id)!r}{_place(message)} {fault}"


def fault_of(message: Message, translation: Message | None) -> str | None:
    """What keeps the translation from being shown, or from being right."""
    if translation is None:
        return "is not in its catalogue"
    if translation.fuzzy:
        return "is marked fuzzy, so Django does not show it"
    forms = _forms(translation.string)
    if not all(forms):
        return "has no translation"
    # Chinese has one form, which follows the plural.
    wanted = set(PLACEHOLDER.findall(_forms(message.id)[-1]))
    wrong = [form for form in forms if set(PLACEHOLDER.findall(form)) != wanted]
    return f"has other placeholders in {wrong[0]!r}" if wrong else None


def contradictions(folders: list[Path]) -> Iterator[str]:
    """Strings that two apps translate differently.

    Django merges all catalogues into one, so one English string can have only one translation, unless a context
    (``pgettext``) tells two meanings apart.
    """
    seen: dict[tuple[str, str | None], tuple[str, str]] = {}
    for app in folders:
        for message in catalogue(app):
            here = (app.name, _first(message.string))
            before = seen.setdefault((_first(message.id), message.context), here)
            if message.id and here[1] and before[1] != here[1]:
                yield (
                    f"{_first(message.id)!r} is {before[1]!r} in {before[0]} and {here[1]!r} in {here[0]}, "
                    f"but Django shows only one of them: agree on one, or use pgettext"
                )


# --- What is there ------------------------------------------------------------------------------------
def catalogue(app: Path) -> Catalog:
    file = catalogue_of(app)
    if not file.exists():
        return Catalog(locale="zh_Hans", domain="django")
    with file.open("rb") as lines:
        return read_po(lines, locale="zh_Hans", domain="django")


def strings(app: Path) -> Catalog:
    """Everything in the app's code and templates that is meant to be translated."""
    found = Catalog(domain="django")
    for source in sorted([*app.rglob("*.py"), *app.glob("templates/**/*.html"), *app.glob("templates/**/*.txt")]):
        place = source.relative_to(ROOT) if source.is_relative_to(ROOT) else source
        code = io.BytesIO(_as_python(source))
        for line, message, comments, context in extract("python", code, KEYWORDS, COMMENT_TAGS):
            found.add(message, None, [(str(place), line)], auto_comments=comments, context=context)
    return found


def _as_python(source: Path) -> bytes:
    """A template as Django's own ``makemessages`` sees it, in brackets so that its layout is no indentation."""
    text = source.read_text(encoding="utf-8")
    if source.suffix != ".py":
        text = f"({templatize(text)})"
    return text.encode()


def _forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, (tuple, list)) else [str(text or "")]


def _first(text: object) -> str:
    return _forms(text)[0]


def _place(message: Message) -> str:
    return "".join(f" ({file}:{line})" for file, line in message.locations[:1])


# --- Mending it ---------------------------------------------------------------------------------------
def update(app: Path) -> None:
    """Adds what is missing and sets aside what is no longer used; leaves translations alone."""
    wanted = strings(app)
    if not wanted and not catalogue_of(app).exists():
        return
    translated = catalogue(app)
    translated.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    catalogue_of(app).parent.mkdir(parents=True, exist_ok=True)
    with catalogue_of(app).open("wb") as file:
        write_po(file, translated, width=LINE_WIDTH, no_location=True, ignore_obsolete=False)
    print(f"{catalogue_of(app).relative_to(ROOT)} has every string of {app.name}", file=sys.stderr)
