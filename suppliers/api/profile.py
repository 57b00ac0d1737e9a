"""Suppliers as they present themselves, with what they are rated and whether they may be dealt with."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext
from django_filters import CharFilter, UUIDFilter
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from b2b.api.documents import DocumentSerializer, DocumentViewSet, RowSerializer
from b2b.api.filters import FilterSet
from b2b.api.serializers import ModelSerializer, Serializer
from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.policy import Actor, admin, sales
from b2b.workflow import create
from suppliers.api.score import ScoreSerializer
from suppliers.identifiers import NotANumber, checked
from suppliers.models import Category, Identifier, Score, SupplierProfile
from suppliers.models.profile import Register
from suppliers.policy import acting_organisation
from suppliers.queries.scores import score_of
from suppliers.standing import standing

CONTENT = (
    "legal_name",
    "native_legal_name",
    "description",
    "website",
    "contact_name",
    "contact_email",
    "contact_phone",
    "founded_year",
    "employees",
)


class StandingSerializer(serializers.Serializer):
    """Whether the acting organisation may deal with the supplier."""

    state = serializers.CharField()
    may_be_invited = serializers.BooleanField()
    may_be_ordered_from = serializers.BooleanField()
    may_sign = serializers.BooleanField()
    reason = serializers.CharField(help_text="Why not, in the reader's language; empty where it may.")


class IdentifierSerializer(ModelSerializer):
    scheme_label = serializers.CharField(source="get_scheme_display", read_only=True)

    class Meta:
        model = Identifier
        fields: ClassVar = ("scheme", "scheme_label", "country", "value")


class ProfileRowSerializer(RowSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    native_name = serializers.CharField(source="supplier.native_name", read_only=True)
    country = serializers.CharField(source="supplier.country", read_only=True)
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True, read_only=True)
    band = serializers.CharField(allow_null=True, read_only=True)

    class Meta:
        model = SupplierProfile
        fields: ClassVar = (
            *RowSerializer.BASE,
            "supplier",
            "supplier_name",
            "native_name",
            "country",
            "legal_name",
            "score",
            "band",
        )


class ProfileSerializer(DocumentSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    native_name = serializers.CharField(source="supplier.native_name", read_only=True)
    country = serializers.CharField(source="supplier.country", read_only=True)
    identifiers = IdentifierSerializer(many=True, read_only=True)
    score = serializers.SerializerMethodField(help_text="By all buyers together.")
    own_score = serializers.SerializerMethodField(help_text="By the acting organisation alone.")
    standing = serializers.SerializerMethodField()

    class Meta:
        model = SupplierProfile
        fields: ClassVar = (
            *DocumentSerializer.BASE,
            "supplier",
            "supplier_name",
            "native_name",
            "country",
            *CONTENT,
            "categories",
            "identifiers",
            "score",
            "own_score",
            "standing",
        )

    @extend_schema_field(ScoreSerializer(allow_null=True))
    def get_score(self, profile: SupplierProfile) -> dict[str, Any] | None:
        return _told(score_of(profile.supplier_id))

    @extend_schema_field(ScoreSerializer(allow_null=True))
    def get_own_score(self, profile: SupplierProfile) -> dict[str, Any] | None:
        return _told(score_of(profile.supplier_id, self.context["request"].actor.organisation_id))

    @extend_schema_field(StandingSerializer)
    def get_standing(self, profile: SupplierProfile) -> dict[str, Any]:
        buyer_id = self.context["request"].actor.organisation_id
        found = standing([profile.supplier_id], buyer_id=buyer_id, on=database_now().date())
        return dict(StandingSerializer(found[profile.supplier_id]).data)


def _told(score: Score | None) -> dict[str, Any] | None:
    return None if score is None else dict(ScoreSerializer(score).data)


class IdentifierContent(Serializer):
    scheme = serializers.ChoiceField(choices=Register.choices)
    country = serializers.RegexField("^([A-Z]{2})?$", required=False, default="", help_text="Needed for VAT numbers.")
    value = serializers.CharField(max_length=60)


class ProfileContent(ModelSerializer):
    categories = serializers.PrimaryKeyRelatedField(
        queryset=Category.objects.all(), many=True, required=False, help_text="What the supplier supplies."
    )
    identifiers = serializers.ListField(child=IdentifierContent(), required=False, max_length=20)

    class Meta:
        model = SupplierProfile
        fields: ClassVar = (*CONTENT, "categories", "identifiers")


class ProfileFilters(FilterSet):
    supplier = UUIDFilter(field_name="supplier_id")
    country = CharFilter(field_name="supplier__country")
    name = CharFilter(field_name="legal_name", lookup_expr="icontains")
    band = CharFilter(field_name="band")

    class Meta:
        model = SupplierProfile
        fields: ClassVar = ["state", "supplier", "country", "name", "band"]


class SupplierViewSet(DocumentViewSet):
    queryset = SupplierProfile.objects.select_related("supplier").prefetch_related("identifiers", "categories")
    serializer_class = ProfileSerializer
    row_serializer_class = ProfileRowSerializer
    content_serializer_class = ProfileContent
    filterset_class = ProfileFilters
    ordering_fields = ("created_at", "legal_name")
    may_create = sales | admin

    def get_queryset(self) -> QuerySet[Any]:
        platform = Score.objects.filter(supplier=OuterRef("supplier"), buyer=None)
        rows = super().get_queryset()
        return rows.annotate(score=Subquery(platform.values("total")), band=Subquery(platform.values("band")))

    def build(self, validated: dict[str, Any], actor: Actor) -> SupplierProfile:
        identifiers = checked_identifiers(validated.pop("identifiers", []))
        categories = validated.pop("categories", [])
        with transaction.atomic():
            profile = SupplierProfile(supplier_id=acting_organisation(actor), **validated)
            create(profile, actor=actor, inputs=validated)
            _write(profile, identifiers)
            profile.categories.set(categories)
        return profile

    def change(self, profile: SupplierProfile, validated: dict[str, Any], actor: Actor) -> None:
        identifiers, categories = validated.pop("identifiers", None), validated.pop("categories", None)
        for name, value in validated.items():
            setattr(profile, name, value)
        if identifiers is not None:
            found = checked_identifiers(identifiers)
            profile.identifiers.all().delete()
            _write(profile, found)
        if categories is not None:
            profile.categories.set(categories)


def checked_identifiers(sent: list[dict[str, Any]]) -> list[Identifier]:
    """Each in compact form. Raises ``Invalid`` with a fault for every number whose check failed."""
    found, faults = [], []
    for place, one in enumerate(sent):
        try:
            value = checked(one["scheme"], one["value"], country=one["country"])
            found.append(Identifier(scheme=one["scheme"], country=one["country"], value=value))
        except NotANumber as failed:
            faults.append(Fault(f"#/identifiers/{place}/value", "identifier-check", str(failed)))
    faults += _twice(sent)
    if faults:
        raise Invalid(faults=faults)
    return found


def _twice(sent: list[dict[str, Any]]) -> list[Fault]:
    seen: set[tuple[str, str]] = set()
    faults = []
    for place, one in enumerate(sent):
        key = (one["scheme"], one["country"])
        if key in seen:
            detail = gettext("There is already a number of this register and country.")
            faults.append(Fault(f"#/identifiers/{place}", "identifier-twice", detail))
        seen.add(key)
    return faults


def _write(profile: SupplierProfile, identifiers: list[Identifier]) -> None:
    for identifier in identifiers:
        identifier.profile = profile
    Identifier.objects.bulk_create(identifiers)
