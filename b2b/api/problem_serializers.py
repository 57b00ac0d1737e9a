"""What a problem document looks like, for the OpenAPI schema and for steps that are closed."""

from __future__ import annotations

from rest_framework import serializers


class FaultSerializer(serializers.Serializer):
    """One thing that stands in the way, or is wrong with what was sent."""

    pointer = serializers.CharField(help_text="JSON pointer into the document, “?parameter” or “Header:”.")
    code = serializers.CharField()
    detail = serializers.CharField(help_text="In the reader's language.")


class ProblemSerializer(serializers.Serializer):
    """RFC 9457. The type is a page that explains the problem in both languages."""

    type = serializers.CharField()
    title = serializers.CharField(help_text="In the reader's language.")
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False, help_text="What it was this time.")
    request_id = serializers.CharField(help_text="Tell it when you ask for help.")
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment]
