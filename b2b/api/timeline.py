"""The life of one document, as its readers may see it."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from b2b.api.paging import CursorPaging, Order
from b2b.models import JournalEntry
from b2b.policy import Actor


class TimelinePaging(CursorPaging):
    """First entry first, always."""

    def order_of(self, request: Any, view: Any) -> Order:
        return Order("sequence", descending=False)


class JournalEntrySerializer(serializers.ModelSerializer):
    """One step or edit. Who did it, why and what changed are told to the acting organisation's own people."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    by = serializers.SerializerMethodField()
    organisation = serializers.CharField(source="organisation.name", default=None, read_only=True)
    reason = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta:
        model = JournalEntry
        fields: ClassVar = [
            "sequence", "at", "step", "label", "before", "after", "by", "organisation", "reason", "changes",
        ]  # fmt: skip
        read_only_fields = fields

    def get_label(self, entry: JournalEntry) -> str:
        """The step in the reader's language; for creation and edits, their own names."""
        declared = self.context["steps"].get(entry.step)
        return str(declared.label) if declared else entry.step

    def get_by(self, entry: JournalEntry) -> str | None:
        return str(entry.user) if entry.user and self._is_own(entry) else None

    def get_reason(self, entry: JournalEntry) -> str:
        return entry.reason if self._is_own(entry) else ""

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "array", "items": {}}})
    def get_changes(self, entry: JournalEntry) -> dict[str, Any]:
        return entry.changes if self._is_own(entry) else {}

    def _is_own(self, entry: JournalEntry) -> bool:
        """A trading partner's internal reasons and estimates are not the other side's to read."""
        actor: Actor = self.context["request"].actor
        return actor.platform or entry.organisation_id == actor.organisation_id
