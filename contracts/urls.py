from rest_framework.routers import BaseRouter

from contracts.api.call_off import CallOffViewSet
from contracts.api.clause import ClauseViewSet
from contracts.api.contract import ContractViewSet
from contracts.api.template import TemplateViewSet


def routes(router: BaseRouter) -> None:
    router.register("clauses", ClauseViewSet, basename="clause")
    router.register("contract-templates", TemplateViewSet, basename="contract-template")
    router.register("contracts", ContractViewSet, basename="contract")
    router.register("call-offs", CallOffViewSet, basename="call-off")
