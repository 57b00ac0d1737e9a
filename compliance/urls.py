from rest_framework.routers import BaseRouter

from compliance.api.audit import ContractAuditViewSet, RatingAuditViewSet
from compliance.api.case import CaseViewSet


def routes(router: BaseRouter) -> None:
    router.register("cases", CaseViewSet, basename="case")
    router.register("contract-audits", ContractAuditViewSet, basename="contract-audit")
    router.register("rating-audits", RatingAuditViewSet, basename="rating-audit")
