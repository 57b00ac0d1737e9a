"""The common tree of categories, and what each asks of its products."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django_filters import BooleanFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.response import Response

from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import ModelSerializer, ShownSerializer
from b2b.api.views import EndpointSet
from b2b.errors import NotAllowed
from b2b.policy import Actor
from suppliers.api.columns import unit_code
from suppliers.models import Attribute, Category, CategoryCode
from suppliers.models.category import DEEPEST, Kind
from suppliers.policy import catalogue_reviewer


class CodeSerializer(ModelSerializer):
    class Meta:
        model = CategoryCode
        fields: ClassVar = ("scheme", "code")


class CategorySerializer(ShownSerializer):
    codes = CodeSerializer(many=True, read_only=True)

    class Meta:
        model = Category
        fields: ClassVar = (
            "id", "parent", "code", "name", "native_name", "depth", "review_required", "price_rise_limit", "codes",
        )  # fmt: skip


class CategoryContent(ModelSerializer):
    parent: Any = serializers.PrimaryKeyRelatedField(
        queryset=Category.objects.filter(depth__lt=DEEPEST), required=False, allow_null=True
    )
    price_rise_limit = DecimalField(
        max_digits=7, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="In percent."
    )
    codes = serializers.ListField(child=CodeSerializer(), required=False, max_length=50)

    class Meta:
        model = Category
        fields: ClassVar = ("parent", "code", "name", "native_name", "review_required", "price_rise_limit", "codes")
        # The framework would ask for every column of the unique constraint; the database answers a collision.
        validators: ClassVar[list[Any]] = []


class CategoryFilters(FilterSet):
    parent = UUIDFilter(field_name="parent_id")
    under = UUIDFilter(method="filter_under", help_text="A category and everything below it.")
    roots = BooleanFilter(field_name="parent", lookup_expr="isnull")

    class Meta:
        model = Category
        fields: ClassVar = ["parent", "under", "roots"]

    def filter_under(self, rows: QuerySet[Category], name: str, value: Any) -> QuerySet[Category]:
        return rows.filter(lineage__contains=[value])


class CategoryViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Category.objects.prefetch_related("codes")
    serializer_class = CategorySerializer
    filterset_class = CategoryFilters
    ordering = "name"
    ordering_fields = ("name", "code")

    @extend_schema(request=CategoryContent, responses={201: CategorySerializer}, summary="Add a category")
    def create(self, request: Request) -> Response:
        require_reviewer(request.actor)
        sent = CategoryContent(data=request.data)
        sent.is_valid(raise_exception=True)
        content = dict(sent.validated_data)
        codes = content.pop("codes", [])
        category = Category.objects.create(**content)
        CategoryCode.objects.bulk_create(CategoryCode(category=category, **code) for code in codes)
        return Response(self.get_serializer(category).data, status=status.HTTP_201_CREATED)


class AttributeSerializer(ShownSerializer):
    class Meta:
        model = Attribute
        fields: ClassVar = (
            "id",
            "category",
            "code",
            "name",
            "native_name",
            "kind",
            "unit",
            "allowed_values",
            "required",
        )


class AttributeContent(ModelSerializer):
    unit = serializers.CharField(required=False, validators=[unit_code])

    class Meta:
        model = Attribute
        fields: ClassVar = AttributeSerializer.Meta.fields[1:]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("kind") == Kind.CHOICE and not attrs.get("allowed_values"):
            detail = gettext("A choice needs at least one value.")
            raise serializers.ValidationError({"allowed_values": [detail]}, code="values-missing")
        return attrs


class AttributeFilters(FilterSet):
    category = UUIDFilter(method="filter_category", help_text="With those of the categories it lies in.")

    class Meta:
        model = Attribute
        fields: ClassVar = ["category"]

    def filter_category(self, rows: QuerySet[Attribute], name: str, value: Any) -> QuerySet[Attribute]:
        return rows.filter(category__in=Category.objects.over(value))


class AttributeViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Attribute.objects.all()
    serializer_class = AttributeSerializer
    filterset_class = AttributeFilters
    ordering = "code"

    @extend_schema(request=AttributeContent, responses={201: AttributeSerializer}, summary="Add an attribute")
    def create(self, request: Request) -> Response:
        require_reviewer(request.actor)
        sent = AttributeContent(data=request.data)
        sent.is_valid(raise_exception=True)
        attribute = Attribute.objects.create(**sent.validated_data)
        return Response(self.get_serializer(attribute).data, status=status.HTTP_201_CREATED)


def require_reviewer(actor: Actor) -> None:
    if not catalogue_reviewer(actor, None):
        raise NotAllowed(gettext("This is for: %(who)s.") % {"who": catalogue_reviewer.name})
