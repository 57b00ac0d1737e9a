"""Importing an upload within a request, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from b2b.api.requests import Request
from b2b.uploads.at_once import Done, import_at_once
from suppliers.api.columns import UploadInput


class ConversionSerializer(serializers.Serializer):
    """A cell that was understood as something other than it literally says."""

    cell = serializers.CharField()
    heading = serializers.CharField()
    shown = serializers.CharField()
    taken = serializers.CharField()


class ReadSerializer(serializers.Serializer):
    table = serializers.CharField(help_text="The sheet that was read.")
    conversions = ConversionSerializer(many=True, help_text="The first hundred.")
    unknown_columns = serializers.ListField(child=serializers.CharField())


class ImportedSerializer(ReadSerializer):
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class PricesImportedSerializer(ReadSerializer):
    prices = serializers.IntegerField()
    changed = serializers.IntegerField()


def imported(request: Request, format: str, *, target_id: UUID | None = None) -> Done:  # noqa: A002
    """The uploaded file, brought, reviewed and applied. Raises ``Invalid`` without one, and what importing raises."""
    sent = UploadInput(data=request.data)
    sent.is_valid(raise_exception=True)
    return import_at_once(sent.validated_data["file"], format=format, actor=request.actor, target_id=target_id)


def told(counts: Mapping[str, int], done: Done) -> dict[str, Any]:
    """The counts, and what was understood otherwise than written."""
    return {
        **counts,
        "table": done.table,
        "conversions": [
            {"cell": one.cell, "heading": one.heading, "shown": one.shown, "taken": one.taken}
            for one in done.conversions
        ],
        "unknown_columns": list(done.unknown_columns),
    }
