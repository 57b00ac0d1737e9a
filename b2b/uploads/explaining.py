"""What becomes of the rows of a format, in sentences for its documentation page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from b2b.uploads.format import Format


def sentences(declared: Format | None) -> Iterator[str]:
    """In the language of the moment; none for a table that is not brought as an upload."""
    if declared is None:
        return
    yield _("Who may bring it: %(who)s.") % {"who": str(declared.by.name).strip("()（）")}
    yield from _destination(declared)
    if declared.needs_currency:
        yield _("The currency of the prices is said with the upload.")
    yield _("First you see what would change. Nothing is written before you apply it.")
    yield _("All rows are applied or none, unless you ask for those without faults only.")
    yield from _missing(declared)


def _destination(declared: Format) -> Iterator[str]:
    if declared.target is None:
        yield _("Its rows go into the records of your organisation.")
        return
    document = {"document": declared.target._meta.verbose_name}
    yield _("Its rows go into this document: %(document)s.") % document
    if not declared.target_required:
        yield _("Without one, the rows make documents of their own.")


def _missing(declared: Format) -> Iterator[str]:
    if declared.replaces:
        yield _("What is not in the file is taken out: the file stands for all.")
    elif declared.can_delist:
        yield _("What is not in the file stays as it is, or is taken out of sale if you ask for that.")
    else:
        yield _("What is not in the file stays as it is.")
