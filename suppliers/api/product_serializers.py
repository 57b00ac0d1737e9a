"""What a product looks like in a list, on its own page, and when it is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from b2b.api.documents import DocumentSerializer, RowSerializer
from b2b.api.fields import DecimalField, UnitLabelField
from b2b.api.serializers import ModelSerializer, Serializer, ShownSerializer
from b2b.errors import Invalid
from b2b.quantity import Quantity
from b2b.sheets.absent import says_nothing
from b2b.unit import unit
from suppliers.api.columns import LEAST, QUANTITY, unit_code
from suppliers.identifiers import NO_NUMBER, NotANumber, checked_gtin
from suppliers.models import Category, Product, Stock
from suppliers.packages import package_faults, plain_packages

ROW = (
    "supplier",
    "supplier_name",
    "sku",
    "name",
    "native_name",
    "brand",
    "part_number",
    "category",
    "category_name",
    "variant_of",
    "unit",
    "unit_label",
    "moq",
    "packages",
    "lead_time_days",
    "attributes",
)


class ProductRowSerializer(RowSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    category_name = serializers.CharField(source="category.label", read_only=True, allow_null=True, default=None)
    unit_label = UnitLabelField()

    class Meta:
        model = Product
        fields: ClassVar = (*RowSerializer.BASE, *ROW)


class StockSerializer(ShownSerializer):
    class Meta:
        model = Stock
        fields: ClassVar = ("on_hand", "warn_below", "updated_at")


class ProductSerializer(DocumentSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    category_name = serializers.CharField(source="category.label", read_only=True, allow_null=True, default=None)
    unit_label = UnitLabelField()
    packages_label = serializers.SerializerMethodField(help_text="Such as: 1 carton = 24 piece.")
    stock = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields: ClassVar = (
            *DocumentSerializer.BASE,
            *ROW,
            "description",
            "gtin",
            "listed_from",
            "listed_until",
            "packages_label",
            "review_note",
            "stock",
        )

    def get_packages_label(self, product: Product) -> list[str]:
        return [
            f"1 {unit(code).label()} = {Quantity(Decimal(held), product.unit).display()}"
            for code, held in product.packages.items()
        ]

    @extend_schema_field(StockSerializer(allow_null=True))
    def get_stock(self, product: Product) -> dict[str, Any] | None:
        stock = Stock.objects.filter(product=product).first()
        return None if stock is None else dict(StockSerializer(stock).data)


class ProductContent(ModelSerializer):
    unit = serializers.CharField(validators=[unit_code])
    category = serializers.PrimaryKeyRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)
    variant_of = serializers.PrimaryKeyRelatedField(
        queryset=Product.objects.defer("search"), required=False, allow_null=True, help_text="An item of one's own."
    )
    moq = DecimalField(**QUANTITY, min_value=LEAST, required=False)
    packages = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="How much of the unit each package holds, by the package's unit; numbers as strings.",
    )
    attributes = serializers.DictField(required=False, help_text="By code; numbers as strings.")

    class Meta:
        model = Product
        fields: ClassVar = (
            "sku",
            "name",
            "native_name",
            "description",
            "brand",
            "part_number",
            "gtin",
            "category",
            "variant_of",
            "unit",
            "moq",
            "packages",
            "lead_time_days",
            "attributes",
            "listed_from",
            "listed_until",
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        begins = attrs.get("listed_from", getattr(self.instance, "listed_from", None))
        ends = attrs.get("listed_until", getattr(self.instance, "listed_until", None))
        if begins and ends and ends <= begins:
            detail = gettext("The listing ends before it begins.")
            raise serializers.ValidationError({"listed_until": [detail]}, code="ends-before-it-begins")
        self._require_packages(attrs)
        return attrs

    def _require_packages(self, attrs: dict[str, Any]) -> None:
        """Raises ``Invalid``. Also a new unit may contradict the packages there are."""
        own = attrs.get("unit", getattr(self.instance, "unit", ""))
        packages = attrs.get("packages", getattr(self.instance, "packages", {}))
        if "packages" not in attrs and "unit" not in attrs:
            return
        if faults := list(package_faults(packages, own)):
            raise Invalid(faults=faults)
        attrs["packages"] = plain_packages(packages)

    def validate_sku(self, value: str) -> str:
        if says_nothing(value):
            raise serializers.ValidationError(NO_NUMBER, code="no-number")
        return value

    def validate_gtin(self, value: str) -> str:
        try:
            return checked_gtin(value) if value else ""
        except NotANumber as failed:
            raise serializers.ValidationError(str(failed), code="identifier-check") from None


class StockInput(Serializer):
    on_hand = DecimalField(**QUANTITY, min_value=0)
    warn_below = DecimalField(**QUANTITY, min_value=0, required=False, allow_null=True, default=None)


class SuggestionSerializer(serializers.Serializer):
    products = serializers.ListField(child=serializers.CharField())
    categories = serializers.ListField(child=serializers.CharField())
