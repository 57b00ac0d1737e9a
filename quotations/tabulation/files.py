"""From an uploaded file to what it says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePath

from django.utils.translation import gettext as _

from b2b.sheets import workbook
from quotations.tabulation.proposals import Proposal, proposals_of
from quotations.tabulation.rows import Reading, Remark, read_sheet

_DAY_IN_NAME = re.compile(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def read_file(data: bytes, file_name: str) -> tuple[list[Proposal], list[Remark]]:
    """Every proposal of the file, and what is to tell about the file itself.

    Raises ``SheetRefused`` where the file is no readable spreadsheet.
    """
    reading = Reading()
    for table in workbook.open(data, file_name):
        if table.hidden:
            reading.remarks.append(Remark(table.name, None, _("A hidden sheet; it was left out.")))
        else:
            read_sheet(reading, table.name, table.rows)
    proposals = proposals_of(reading)
    opened_on = day_in_name(file_name)
    for proposal in proposals:
        proposal.opened_on = proposal.opened_on or opened_on
    return proposals, reading.remarks


def day_in_name(file_name: str) -> date | None:
    """The day of the letting, where the file is named by it: ``2022-05-11.xlsx``."""
    found = _DAY_IN_NAME.search(PurePath(file_name).stem)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
