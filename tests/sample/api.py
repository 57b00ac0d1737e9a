"""The memo over HTTP, as any app would offer it."""

from __future__ import annotations

from typing import Any, ClassVar

from django_filters.rest_framework import FilterSet

from b2b import policy
from b2b.api.attachments import WithAttachments
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.serializers import ModelSerializer
from b2b.policy import Actor
from b2b.workflow import create
from tests.sample.models import Memo, MemoLine


class MemoLineSerializer(ModelSerializer):
    class Meta:
        model = MemoLine
        fields: ClassVar = ["number", "text"]


class MemoSerializer(DocumentSerializer):
    lines = MemoLineSerializer(many=True, read_only=True)

    class Meta:
        model = Memo
        fields: ClassVar = [*DocumentSerializer.BASE, "text", "lines"]


class MemoRowSerializer(RowSerializer):
    class Meta:
        model = Memo
        fields: ClassVar = [*RowSerializer.BASE, "text"]


class MemoContent(ModelSerializer):
    lines = MemoLineSerializer(many=True, required=False)

    class Meta:
        model = Memo
        fields: ClassVar = ["text", "lines"]


class MemoFilters(FilterSet):
    class Meta:
        model = Memo
        fields: ClassVar = ["state"]


class MemoViewSet(WithAttachments, DocumentViewSet):
    queryset = Memo.objects.prefetch_related("lines")
    serializer_class = MemoSerializer
    row_serializer_class = MemoRowSerializer
    content_serializer_class = MemoContent
    filterset_class = MemoFilters
    ordering_fields = ("created_at", "text")
    inputs: ClassVar = {"refuse": ReasonInput, "cancel": ReasonInput}
    may_create = policy.buyer
    may_attach = policy.buyer & policy.owner

    def build(self, validated: dict[str, Any], actor: Actor) -> Memo:
        memo = create(
            Memo(buyer_id=actor.organisation_id, text=validated.get("text", "")), actor=actor, inputs=validated
        )
        self._lines(memo, validated.get("lines", []))
        return memo

    def change(self, memo: Memo, validated: dict[str, Any], actor: Actor) -> None:
        memo.text = validated.get("text", memo.text)
        if "lines" in validated:
            memo.lines.all().delete()
            self._lines(memo, validated["lines"])

    @staticmethod
    def _lines(memo: Memo, lines: list[dict[str, Any]]) -> None:
        MemoLine.objects.bulk_create(MemoLine(memo=memo, **line) for line in lines)
