"""Which faults of a row can be told although a cell of it cannot be read."""

from __future__ import annotations

from collections.abc import Iterable

from b2b.sheets.faults import CellFault
from b2b.sheets.sheet import Sheet


class Resting:
    """What a rule finds at one column may rest on others: ``Column.rests_on``. For one sheet, in one language."""

    def __init__(self, sheet: type[Sheet]) -> None:
        self.name_of = {column.here: name for name, column in sheet.columns.items()}
        self.rests_on = {name: frozenset((name, *column.rests_on)) for name, column in sheet.columns.items()}

    def columns_of(self, faults: Iterable[CellFault]) -> frozenset[str]:
        """The columns the faults are about."""
        return frozenset(self.name_of[fault.heading] for fault in faults if fault.heading in self.name_of)

    def apart(self, faults: Iterable[CellFault], unread: frozenset[str]) -> list[CellFault]:
        """Those that hold whatever the ``unread`` columns should say."""
        return [fault for fault in faults if self._is_apart(fault, unread)]

    def _is_apart(self, fault: CellFault, unread: frozenset[str]) -> bool:
        name = self.name_of.get(fault.heading)
        return name is None or self.rests_on[name].isdisjoint(unread)
