"""Which columns of a file are which: proposed, remembered, confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext

from b2b.errors import Fault, Invalid
from b2b.sheets.layout import Layout, Proposal, fingerprint, fingerprints
from b2b.sheets.mapping import propose, propose_best
from b2b.sheets.survey import SurveyedTable
from b2b.uploads.formats import format_of
from b2b.uploads.models import HeadingMemory, Upload


def proposals(upload: Upload, tables: Sequence[SurveyedTable]) -> tuple[Proposal, ...]:
    """How each table that could be meant would be read, the likeliest first; what was confirmed before counts."""
    return propose_best(format_of(upload.format).reading_sheet(), tables, remembered=_remembered(upload, tables))


def proposal_below(upload: Upload, table: SurveyedTable, header_rows: tuple[int, ...]) -> Proposal:
    """How the table would be read if its headings stood in these rows; in none where they are empty."""
    return propose(format_of(upload.format).reading_sheet(), table, header_rows=header_rows)


def _remembered(upload: Upload, tables: Sequence[SurveyedTable]) -> Layout | None:
    """The layout last confirmed for headings that one of these tables may have."""
    possible = {identity for table in tables for identity in fingerprints(table)}
    known = HeadingMemory.objects.filter(
        organisation_id=upload.organisation_id, format=upload.format, fingerprint__in=possible
    )
    latest = known.order_by("remembered_at").last()
    return Layout.from_json(latest.layout) if latest else None


def remember(upload: Upload, layout: Layout, table: SurveyedTable) -> None:
    """The next file with the same headings is read the same way without asking."""
    HeadingMemory.objects.update_or_create(
        organisation_id=upload.organisation_id,
        format=upload.format,
        fingerprint=fingerprint(table, layout.header_rows),
        defaults={"layout": layout.to_json()},
    )


def still_fits(layout: Layout, tables: Sequence[SurveyedTable]) -> bool:
    """Whether a file has the table that was confirmed, with the same headings in the same places."""
    table = next((one for one in tables if one.name == layout.table), None)
    return table is not None and fingerprint(table, layout.header_rows) == layout.fingerprint


def confirmed(upload: Upload, sent: Mapping[str, object], tables: Sequence[SurveyedTable]) -> Layout:
    """The layout a person chose, checked against the file. Raises ``Invalid`` with a fault for each thing wrong."""
    try:
        layout = Layout.from_json(sent)
    except ValueError:
        raise Invalid(faults=[Fault("#/layout", "no-layout", gettext("This is no description of columns."))]) from None
    table = next((one for one in tables if one.name == layout.table), None)
    if table is None:
        detail = gettext("The file has no table “%(table)s”.") % {"table": layout.table[:80]}
        raise Invalid(faults=[Fault("#/layout/table", "unknown-table", detail)])
    faults = list(_faults(upload, layout, table))
    if faults:
        raise Invalid(faults=faults)
    return layout.confirmed(fingerprint=fingerprint(table, layout.header_rows))


def _faults(upload: Upload, layout: Layout, table: SurveyedTable) -> list[Fault]:
    sheet = format_of(upload.format).reading_sheet()
    found = []
    for name, place in layout.columns.items():
        if name not in sheet.columns:
            found.append(Fault(f"#/layout/columns/{name}", "unknown-column", gettext("There is no such column.")))
        elif place > table.width:
            found.append(Fault(f"#/layout/columns/{name}", "no-such-place", gettext("The table is not that wide.")))
    for name, column in sheet.columns.items():
        if column.required and name not in layout.columns and name not in layout.constants:
            detail = gettext("Say which column is “%(heading)s”.") % {"heading": column.here}
            found.append(Fault(f"#/layout/columns/{name}", "column-missing", detail))
    if len(set(layout.columns.values())) < len(layout.columns):
        detail = gettext("One column of the file stands for two of the format.")
        found.append(Fault("#/layout/columns", "column-twice", detail))
    return found
