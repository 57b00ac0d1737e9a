"""Contract templates over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, MultipleChoiceFilter
from rest_framework import serializers

from b2b import policy
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.policy import Actor
from b2b.workflow import create
from contracts.api.clause import library_of, refuse_wording
from contracts.models import Clause, ContractTemplate, TemplateItem, TemplateVersion
from contracts.workflow.library import LibraryState
from contracts.workflow.template import Condition, Field, Item, Operator
from procurement.api.fields import Made, Visible
from procurement.api.text import matching_text

MOST_FIELDS, MOST_ITEMS, MOST_CHOICES = 100, 200, 50


class FieldInput(Made):
    makes = Field
    name = serializers.CharField(max_length=40)
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]
    chinese_label = serializers.CharField(max_length=200)
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.CharField(max_length=200), default=list, max_length=MOST_CHOICES)

    def to_internal_value(self, data: Any) -> Field:
        field: Field = super().to_internal_value(data)
        return Field(field.name, field.label, field.chinese_label, field.required, tuple(field.choices))


class ConditionInput(Made):
    makes = Condition
    field = serializers.CharField(max_length=40)
    operator = serializers.ChoiceField(choices=Operator.choices)
    value = serializers.CharField(max_length=200, allow_blank=True)


class ItemInput(Made):
    makes = Item
    clause = Visible(queryset=Clause.objects.all())
    condition = ConditionInput(required=False, allow_null=True)


class CompositionInput(Serializer):
    """The contract's title, the blanks to fill in, and the clauses in their order."""

    title = serializers.CharField(max_length=200, label=_("English title"))
    chinese_title = serializers.CharField(max_length=200, label=_("Chinese title"))
    fields = FieldInput(many=True, max_length=MOST_FIELDS)  # type: ignore[assignment, call-arg]
    items = ItemInput(many=True, max_length=MOST_ITEMS)  # type: ignore[call-arg]


class ConditionSerializer(serializers.Serializer):
    field = serializers.CharField()
    operator = serializers.CharField()
    value = serializers.CharField()


class FieldSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    chinese_label = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.CharField())


class TemplateItemSerializer(ShownSerializer):
    code = serializers.CharField(source="clause.code")
    title = serializers.CharField(source="clause.title")
    chinese_title = serializers.CharField(source="clause.chinese_title")
    condition = ConditionSerializer(allow_null=True)

    class Meta:
        model = TemplateItem
        fields: ClassVar = ["position", "clause", "code", "title", "chinese_title", "condition"]


class TemplateVersionSerializer(ShownSerializer):
    blanks = FieldSerializer(many=True)
    items = TemplateItemSerializer(many=True)
    approved_by = serializers.CharField(source="approved_by.__str__", allow_null=True)

    class Meta:
        model = TemplateVersion
        fields: ClassVar = [
            "id", "number", "title", "chinese_title", "blanks", "items", "written_at", "approved_at", "approved_by",
        ]  # fmt: skip


class TemplateRowSerializer(RowSerializer):
    class Meta:
        model = ContractTemplate
        fields: ClassVar = [*RowSerializer.BASE, "buyer", "code", "name", "chinese_name", "is_usual", "in_force"]


class TemplateSerializer(DocumentSerializer):
    versions = TemplateVersionSerializer(many=True)

    class Meta:
        model = ContractTemplate
        fields: ClassVar = [
            *DocumentSerializer.BASE, *TemplateRowSerializer.Meta.fields[len(RowSerializer.BASE) :], "versions",
        ]  # fmt: skip


class TemplateContent(CompositionInput):
    """The composition is sent with a new template only; afterwards a template is composed anew by its step."""

    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=200)
    chinese_name = serializers.CharField(max_length=200)
    is_usual = serializers.BooleanField(required=False)


class TemplateFilters(FilterSet):
    state = MultipleChoiceFilter(choices=LibraryState.choices)
    shared = BooleanFilter(field_name="buyer", lookup_expr="isnull", label="The platform's own.")
    text = CharFilter(method="with_text", max_length=100, label="In the code or a name.")

    class Meta:
        model = ContractTemplate
        fields: ClassVar[list[str]] = []

    def with_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(matching_text(value, "code", "name", "chinese_name"))


class TemplateViewSet(DocumentViewSet):
    queryset = ContractTemplate.objects.prefetch_related("versions__items__clause", "versions__approved_by")
    serializer_class = TemplateSerializer
    row_serializer_class = TemplateRowSerializer
    content_serializer_class = TemplateContent
    filterset_class = TemplateFilters
    ordering_fields = ("created_at", "code", "name")
    inputs: ClassVar = {"revise": CompositionInput, "retire": ReasonInput}
    may_create = policy.buyer | policy.buying_manager | policy.compliance

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.prefetch_related(None) if self.action == "list" else rows

    @transaction.atomic
    def build(self, validated: dict[str, Any], actor: Actor) -> ContractTemplate:
        composition = {name: validated.pop(name) for name in ("title", "chinese_title", "fields", "items")}
        template = ContractTemplate(buyer_id=library_of(actor), **validated)
        create(template, actor=actor, inputs=validated)
        template.revise(actor=actor, **composition)
        return template

    def change(self, template: ContractTemplate, validated: Mapping[str, Any], actor: Actor) -> None:
        refuse_wording(validated, "title", "chinese_title", "fields", "items")
        for name, value in validated.items():
            setattr(template, name, value)
