"""Cells that hold a delivery schedule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.sheets.cells import Cell, Unreadable, shown
from b2b.sheets.parser import ALONE, Around, Parser
from procurement.schedule import schedule_of, written


@dataclass(frozen=True, slots=True)
class DeliverySchedule(Parser[str]):
    """Days with quantities; the value is the schedule as ``written`` writes it."""

    expects: ClassVar[str | Promise] = _("days with quantities, such as 2027-03-31: 1200; 2027-05-31: 800")

    def read(self, cell: Cell, around: Around = ALONE) -> str:
        try:
            return written(schedule_of(shown(cell)))
        except ValueError:
            detail = gettext("This is no schedule. Write %(expects)s.") % {"expects": self.expects}
            raise Unreadable("not-a-schedule", detail) from None
