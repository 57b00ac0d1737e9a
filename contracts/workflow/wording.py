"""What a wording must be like: two languages, paragraph by paragraph, and no places it cannot fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext

from b2b.errors import Fault
from contracts.placeholders import names_in, stray_marks


def paragraphs(text: str) -> list[str]:
    """A paragraph is a line; empty lines only separate."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def wording_faults(text: str, chinese_text: str, *, at: str = "#") -> Iterator[Fault]:
    """Everything wrong with a text in English and Chinese; ``at`` is the pointer to what holds them."""
    yield from _marks(text, f"{at}/text")
    yield from _marks(chinese_text, f"{at}/chinese_text")
    english, chinese = len(paragraphs(text)), len(paragraphs(chinese_text))
    if english == 0:
        yield Fault(f"{at}/text", "required", gettext("Give the English text."))
    if english != chinese:
        yield Fault(
            f"{at}/chinese_text",
            "paragraphs-differ",
            gettext("The English text has %(english)s paragraphs, the Chinese %(chinese)s; they are numbered alike.")
            % {"english": english, "chinese": chinese},
        )
    if names_in(text) != names_in(chinese_text):
        differing = ", ".join(sorted(names_in(text) ^ names_in(chinese_text)))
        yield Fault(
            f"{at}/chinese_text",
            "placeholders-differ",
            gettext("Both languages must fill in the same: %(names)s.") % {"names": differing},
        )


def _marks(text: str, pointer: str) -> Iterator[Fault]:
    if stray := stray_marks(text):
        yield Fault(
            pointer,
            "placeholder-malformed",
            gettext("“%(marks)s” is not a place to fill in; write {{ name }}.") % {"marks": " ".join(stray[:3])},
        )


def unknown_places(names: Iterable[str], known: Iterable[str], *, pointer: str) -> Iterator[Fault]:
    for name in sorted(set(names) - set(known)):
        yield Fault(
            pointer,
            "placeholder-unknown",
            gettext("No contract can fill in “%(name)s”; name it among the fields.") % {"name": name},
        )
