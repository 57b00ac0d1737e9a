"""The clause library over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, MultipleChoiceFilter
from rest_framework import serializers

from b2b import policy
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.errors import Fault, Invalid
from b2b.policy import Actor
from b2b.workflow import create
from contracts.models import Clause, ClauseCategory, ClauseVersion
from contracts.workflow.library import LibraryState
from procurement.api.fields import Visible
from procurement.api.text import matching_text

LONGEST_TEXT = 20_000


class ClauseVersionSerializer(ShownSerializer):
    written_by = serializers.CharField(source="written_by.__str__", allow_null=True)
    approved_by = serializers.CharField(source="approved_by.__str__", allow_null=True)

    class Meta:
        model = ClauseVersion
        fields: ClassVar = [
            "number", "text", "chinese_text", "written_at", "written_by", "approved_at", "approved_by",
        ]  # fmt: skip


class ClauseRowSerializer(RowSerializer):
    class Meta:
        model = Clause
        fields: ClassVar = [
            *RowSerializer.BASE, "buyer", "code", "title", "chinese_title", "category", "kind", "instead_of",
            "in_force",
        ]  # fmt: skip


class ClauseSerializer(DocumentSerializer):
    versions = ClauseVersionSerializer(many=True)

    class Meta:
        model = Clause
        fields: ClassVar = [
            *DocumentSerializer.BASE, *ClauseRowSerializer.Meta.fields[len(RowSerializer.BASE) :], "versions",
        ]  # fmt: skip


class WordingInput(Serializer):
    """A line is a paragraph; both languages have as many. ``{{ name }}`` is filled in for each contract."""

    text = serializers.CharField(max_length=LONGEST_TEXT, label=_("English text"))
    chinese_text = serializers.CharField(max_length=LONGEST_TEXT, label=_("Chinese text"))


class ClauseContent(WordingInput):
    """The wording is sent with a new clause only; afterwards a clause is reworded by its step."""

    code = serializers.SlugField(max_length=40)
    title = serializers.CharField(max_length=200)
    chinese_title = serializers.CharField(max_length=200)
    category = serializers.ChoiceField(choices=ClauseCategory.choices)
    kind = serializers.ChoiceField(choices=Clause.Kind.choices, required=False)
    instead_of = Visible(queryset=Clause.objects.all(), required=False, allow_null=True)


class ClauseFilters(FilterSet):
    state = MultipleChoiceFilter(choices=LibraryState.choices)
    category = MultipleChoiceFilter(choices=ClauseCategory.choices)
    kind = MultipleChoiceFilter(choices=Clause.Kind.choices)
    shared = BooleanFilter(field_name="buyer", lookup_expr="isnull", label="The platform's own.")
    text = CharFilter(method="with_text", max_length=100, label="In the code or a title.")

    class Meta:
        model = Clause
        fields: ClassVar[list[str]] = []

    def with_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(matching_text(value, "code", "title", "chinese_title"))


class ClauseViewSet(DocumentViewSet):
    queryset = Clause.objects.prefetch_related("versions__written_by", "versions__approved_by")
    serializer_class = ClauseSerializer
    row_serializer_class = ClauseRowSerializer
    content_serializer_class = ClauseContent
    filterset_class = ClauseFilters
    ordering_fields = ("created_at", "code", "title")
    inputs: ClassVar = {"revise": WordingInput, "retire": ReasonInput}
    may_create = policy.buyer | policy.buying_manager | policy.compliance

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.prefetch_related(None) if self.action == "list" else rows

    @transaction.atomic
    def build(self, validated: dict[str, Any], actor: Actor) -> Clause:
        text, chinese_text = validated.pop("text"), validated.pop("chinese_text")
        clause = Clause(buyer_id=library_of(actor), **validated)
        require_substitute(clause)
        create(clause, actor=actor, inputs=validated)
        clause.revise(actor=actor, text=text, chinese_text=chinese_text)
        return clause

    def change(self, clause: Clause, validated: Mapping[str, Any], actor: Actor) -> None:
        refuse_wording(validated, "text", "chinese_text")
        for name, value in validated.items():
            setattr(clause, name, value)
        require_substitute(clause)


def library_of(actor: Actor) -> Any:
    """Whose library a new clause or template goes to: the platform's staff keep the one for all."""
    return None if actor.platform else actor.organisation_id


def require_substitute(clause: Clause) -> None:
    """An alternative or a fallback says what it stands in for, and nothing else does."""
    if (clause.kind == Clause.Kind.PREFERRED) != (clause.instead_of_id is None):
        detail = gettext("An alternative or a fallback names the preferred clause; a preferred clause names none.")
        raise Invalid(faults=[Fault("#/instead_of", "substitute", detail)])


def refuse_wording(validated: Mapping[str, Any], *names: str) -> None:
    """Wordings are added by the step, so that none is ever overwritten."""
    if sent := [name for name in names if name in validated]:
        detail = gettext("Take the step “revise” to change this.")
        raise Invalid(faults=[Fault(f"#/{name}", "by-step-only", detail) for name in sent])
