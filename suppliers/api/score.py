"""Scores, and every fact behind them."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django_filters import BooleanFilter, CharFilter, UUIDFilter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import ShownSerializer
from b2b.api.views import EndpointSet
from suppliers.models import Score, ScoreFact
from suppliers.models.score import Component
from suppliers.queries.scores import facts_behind


class ComponentSerializer(serializers.Serializer):
    """One component, with all that its score was computed from."""

    component = serializers.ChoiceField(choices=Component.choices)
    label = serializers.CharField(help_text="In the reader's language.")  # type: ignore[assignment]
    score = serializers.CharField(help_text="0 to 100.")
    share = serializers.IntegerField(help_text="Its weight in the total, of 100.")
    count = serializers.IntegerField(help_text="How many facts it comes from.")
    weight_sum = serializers.CharField(help_text="Their weights, decayed and summed.")
    mark_sum = serializers.CharField(help_text="Their marks times weights, decayed and summed.")
    prior = serializers.CharField(allow_null=True, help_text="The mean of all suppliers it was drawn to.")


class ScoreSerializer(ShownSerializer):
    """``total`` is null and ``band`` empty while the supplier is not rated."""

    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    band_label = serializers.CharField(source="get_band_display", read_only=True)
    components = serializers.SerializerMethodField()

    class Meta:
        model = Score
        fields: ClassVar = (
            "id",
            "supplier",
            "supplier_name",
            "buyer",
            "as_of",
            "total",
            "band",
            "band_label",
            "components",
        )

    @extend_schema_field(ComponentSerializer(many=True))
    def get_components(self, score: Score) -> list[dict[str, Any]]:
        return [
            {"component": name, "label": str(Component(name).label), **told} for name, told in score.components.items()
        ]


class FactSerializer(ShownSerializer):
    """One thing that happened; ``source`` and ``subject`` name documents as ``<app>.<model>/<key>``."""

    component_label = serializers.CharField(source="get_component_display", read_only=True)

    class Meta:
        model = ScoreFact
        fields: ClassVar = (
            "id",
            "component",
            "component_label",
            "mark",
            "weight",
            "happened_on",
            "source",
            "line",
            "subject",
            "title",
            "detail",
            "buyer",
        )


class ScoreFilters(FilterSet):
    supplier = UUIDFilter(field_name="supplier_id")
    buyer = UUIDFilter(field_name="buyer_id")
    platform = BooleanFilter(field_name="buyer", lookup_expr="isnull")
    band = CharFilter(field_name="band")

    class Meta:
        model = Score
        fields: ClassVar = ["supplier", "buyer", "platform", "band"]


class FactFilters(FilterSet):
    component = CharFilter(field_name="component")

    class Meta:
        model = ScoreFact
        fields: ClassVar = ["component"]


class ScoreViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Score.objects.select_related("supplier")
    serializer_class = ScoreSerializer
    filterset_class = ScoreFilters
    ordering_fields = ("total", "as_of")

    @extend_schema(responses=FactSerializer(many=True), summary="The facts behind it that the reader may see")
    @action(detail=True, filterset_class=FactFilters)
    def facts(self, request: Request, pk: UUID) -> Response:
        score = get_object_or_404(self.get_queryset(), pk=pk)
        facts = self.filter_queryset(facts_behind(score, request.actor))
        page = self.paginate_queryset(facts)
        return self.get_paginated_response(FactSerializer(page, many=True).data)
