"""Questions about an RFQ. Who asked is told to the asker and to the buyer, to nobody else."""

from __future__ import annotations

from typing import Any, ClassVar, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, UUIDFilter
from rest_framework import serializers

from b2b.api.documents import DocumentSerializer, DocumentViewSet, RowSerializer
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer
from b2b.models import JournalEntry
from b2b.policy import Actor, sales
from b2b.workflow import Document
from quotations.api.columns import visible_rfq
from quotations.models import Question
from quotations.objecting import ask_question
from quotations.policy import oversees
from quotations.workflow.question import QuestionState


def may_know_asker(question: Question, actor: Actor) -> bool:
    return oversees(actor) or actor.organisation_id in {question.supplier_id, question.buyer_id}


class Asked(serializers.Serializer):
    """Mixed in: who asked, where the reader may know."""

    supplier = serializers.SerializerMethodField(help_text="Who asked; null for other bidders.")
    rfq_number = serializers.CharField(source="rfq.number", read_only=True)

    def get_supplier(self, question: Question) -> UUID | None:
        return question.supplier_id if may_know_asker(question, self.context["request"].actor) else None


class QuestionRowSerializer(Asked, RowSerializer):
    class Meta:
        model = Question
        fields: ClassVar = (
            *RowSerializer.BASE,
            "rfq",
            "rfq_number",
            "supplier",
            "text",
            "answer_text",
            "to_all",
            "answered_at",
        )
        read_only_fields = fields


class QuestionSerializer(Asked, DocumentSerializer):
    class Meta:
        model = Question
        fields: ClassVar = (*DocumentSerializer.BASE, *QuestionRowSerializer.Meta.fields[len(RowSerializer.BASE) :])
        read_only_fields = fields


class QuestionContent(Serializer):
    rfq = serializers.UUIDField()
    text = serializers.CharField(max_length=4000)


class AnswerInput(Serializer):
    answer_text = serializers.CharField(max_length=4000, label=_("Answer"))
    to_all = serializers.BooleanField(label=_("To every bidder"), help_text=_("Without naming who asked."))


class QuestionFilters(FilterSet):
    state = ChoiceFilter(choices=QuestionState.choices)
    rfq = UUIDFilter(field_name="rfq_id")

    class Meta:
        model = Question
        fields: ClassVar = ["state", "rfq"]


class QuestionViewSet(DocumentViewSet):
    queryset = Question.objects.select_related("rfq")
    serializer_class = QuestionSerializer
    row_serializer_class = QuestionRowSerializer
    content_serializer_class = QuestionContent
    filterset_class = QuestionFilters
    may_create = sales
    inputs: ClassVar = {"answer": AnswerInput}

    def build(self, validated: dict[str, Any], actor: Actor) -> Question:
        return ask_question(visible_rfq(validated["rfq"], actor), text=validated["text"], actor=actor)

    def journal_entries(self, document: Document) -> Any:
        """The entries name the asker's organisation."""
        known = may_know_asker(cast("Question", document), self.request.actor)
        return JournalEntry.objects.of(document) if known else JournalEntry.objects.none()
