"""What is to tell about a file as a whole, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from b2b.sheets.survey import Note

_SENTENCES: dict[str, Callable[[], str]] = {
    "macros-ignored": lambda: _("The workbook holds macros. They were not looked at, let alone run."),
    "links-not-followed": lambda: _(
        "The workbook links to other files. No link was followed; "
        "values from there are as the workbook last stored them."
    ),
    "encoding": lambda: _(
        "The text does not say its encoding. Its letters make words in %(taken)s, so it was read so."
    ),
    "encoding-unsure": lambda: _(
        "The text was read as %(taken)s, but may be in %(other)s: “%(example)s” would then be “%(other_example)s”. "
        "To be sure, save it as “CSV UTF-8”."
    ),
    "encoding-doubtful": lambda: _(
        "The text was read as %(taken)s, but some of its words make no sense so, such as “%(example)s”. Check them."
    ),
    "delimiter": lambda: _("The cells are parted by “%(taken)s”."),
    "damaged-text": lambda: _("Some bytes of the text are damaged. The cells they stand in have faults."),
    "open-end": lambda: _("The last line has no end. If the file was cut off there, its last cell is incomplete."),
    "cut-off": lambda: _("The file ends in the middle of a character. It may be incomplete."),
    "web-page": lambda: _("The file is named %(suffix)s, but is a web page. Its tables were read."),
    "xml-workbook": lambda: _("The file is named %(suffix)s, but is a workbook in XML of 2003. It was read as such."),
    "plain-text": lambda: _("The file is named %(suffix)s, but is plain text. It was read as such."),
}


def sentence(note: Note) -> str:
    """Raises ``KeyError`` for a code no reader of ours gives."""
    return _SENTENCES[note.code]() % note.values
