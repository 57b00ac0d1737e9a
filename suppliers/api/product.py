"""Products: the catalogue to search, and a supplier's own to keep."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from b2b.api.attachments import WithAttachments
from b2b.api.documents import DocumentViewSet, ReasonInput
from b2b.api.requests import Request
from b2b.api.workbooks import template_download, workbook_download
from b2b.clock import database_now
from b2b.errors import Blocked, Fault, Invalid, NotAllowed
from b2b.policy import Actor, sales
from suppliers.api.columns import WORKBOOK, RemarkInput, UploadInput
from suppliers.api.product_filters import ProductFilters
from suppliers.api.product_serializers import (
    ProductContent,
    ProductRowSerializer,
    ProductSerializer,
    StockInput,
    SuggestionSerializer,
)
from suppliers.api.search import TEXT, SearchPaging
from suppliers.api.workbooks import ImportedSerializer, imported, told
from suppliers.models import Category, Product, Stock
from suppliers.models.values import with_plain_numbers
from suppliers.models.variants import variant_fault
from suppliers.policy import acting_organisation, supplying
from suppliers.queries.search import suggested_names
from suppliers.sheets.catalogue import CatalogueSheet, catalogue_rows

SUGGESTED = 10


class ProductViewSet(WithAttachments, DocumentViewSet):
    queryset = Product.objects.select_related("supplier", "category").defer("search")
    serializer_class = ProductSerializer
    row_serializer_class = ProductRowSerializer
    content_serializer_class = ProductContent
    filterset_class = ProductFilters
    pagination_class = SearchPaging
    ordering_fields = ("created_at", "name", "sku", "lead_time_days")
    may_create = sales
    may_attach = supplying
    inputs: ClassVar = {"send_back": ReasonInput, "delist": RemarkInput}

    def get_queryset(self) -> QuerySet[Any]:
        """Others see what is listed only while it is scheduled to be."""
        rows: Any = super().get_queryset()
        own = rows.filter(supplier_id=self.request.actor.organisation_id)
        return rows.offered(database_now()) | own if self.action == "list" and not self.request.actor.platform else rows

    def build(self, validated: dict[str, Any], actor: Actor) -> Product:
        product = Product(supplier_id=acting_organisation(actor), **validated)
        _require_sound_variant(product, validated)
        product.attributes = with_plain_numbers(product.attributes, product.attributes_asked())
        return product

    def change(self, product: Product, validated: dict[str, Any], actor: Actor) -> None:
        if product.content_is_reviewed() and product.reviewed_changes(validated):
            detail = gettext("This item was listed after a review. Delist it before its content is changed.")
            raise Blocked(faults=[Fault("#/state", "review-needed", detail)])
        for name, value in validated.items():
            setattr(product, name, value)
        _require_sound_variant(product, validated)
        product.attributes = with_plain_numbers(product.attributes, product.attributes_asked())

    @extend_schema(request=StockInput, responses=ProductSerializer, summary="Say how much is on hand")
    @action(detail=True, methods=["post"])
    def stock(self, request: Request, pk: UUID) -> Response:
        product = self.get_document()
        self._require_own(request.actor, product)
        sent = StockInput(data=request.data)
        sent.is_valid(raise_exception=True)
        Stock.objects.update_or_create(product=product, defaults=sent.validated_data)
        return self.told(product)

    @extend_schema(
        parameters=[OpenApiParameter(TEXT, str, required=True, description="What is typed so far.")],
        responses=SuggestionSerializer,
        summary="Names and categories that begin with what is typed",
    )
    @action(detail=False, filter_backends=[], filterset_class=None, pagination_class=None)
    def suggestions(self, request: Request) -> Response:
        text = request.query_params.get(TEXT, "").strip()
        products = Product.objects.visible_to(request.actor).offered(database_now())
        names = suggested_names(text, products, most=SUGGESTED) if text else []
        shelves = Category.objects.visible_to(request.actor).named_like(text)[:SUGGESTED] if text else []
        return Response({"products": names, "categories": [str(shelf) for shelf in shelves]})

    @extend_schema(
        request={"multipart/form-data": UploadInput}, responses=ImportedSerializer, summary="Upload the catalogue"
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser], filter_backends=[], filterset_class=None)
    def upload(self, request: Request) -> Response:
        self._require_creator()
        done = imported(request, CatalogueSheet.code)
        counts = {"created": done.rows("new"), "changed": done.rows("changed"), "unchanged": done.rows("unchanged")}
        return Response(told(counts, done))

    @extend_schema(responses=WORKBOOK, summary="Download the own catalogue, to change and upload again")
    @action(detail=False, filter_backends=[], filterset_class=None, pagination_class=None)
    def download(self, request: Request) -> FileResponse:
        own = Product.objects.filter(supplier_id=acting_organisation(request.actor))
        return workbook_download(CatalogueSheet, catalogue_rows(own), name="catalogue")

    @extend_schema(responses=WORKBOOK, summary="An empty workbook to fill in")
    @action(detail=False, filter_backends=[], filterset_class=None, pagination_class=None)
    def template(self, request: Request) -> FileResponse:
        return template_download(CatalogueSheet, name="catalogue-template")

    def _require_own(self, actor: Actor, product: Product) -> None:
        if not supplying(actor, product):
            raise NotAllowed(gettext("This is for: %(who)s.") % {"who": supplying.name})


def _require_sound_variant(product: Product, validated: dict[str, Any]) -> None:
    """Raises ``Invalid``."""
    fault = variant_fault(product, validated.get("variant_of"))
    if fault is not None:
        raise Invalid(faults=[fault])
