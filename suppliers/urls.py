from rest_framework.routers import BaseRouter

from suppliers.api.bank import BankAccountViewSet
from suppliers.api.category import AttributeViewSet, CategoryViewSet
from suppliers.api.price import PriceViewSet
from suppliers.api.price_list import PriceListViewSet
from suppliers.api.product import ProductViewSet
from suppliers.api.profile import SupplierViewSet
from suppliers.api.qualification import CertificateViewSet, QualificationViewSet, RequirementViewSet
from suppliers.api.score import ScoreViewSet


def routes(router: BaseRouter) -> None:
    router.register("suppliers", SupplierViewSet, basename="supplier")
    router.register("bank-accounts", BankAccountViewSet, basename="bank-account")
    router.register("qualifications", QualificationViewSet, basename="qualification")
    router.register("certificates", CertificateViewSet, basename="certificate")
    router.register("document-requirements", RequirementViewSet, basename="document-requirement")
    router.register("categories", CategoryViewSet, basename="category")
    router.register("attributes", AttributeViewSet, basename="attribute")
    router.register("products", ProductViewSet, basename="product")
    router.register("price-lists", PriceListViewSet, basename="price-list")
    router.register("prices", PriceViewSet, basename="price")
    router.register("scores", ScoreViewSet, basename="score")
