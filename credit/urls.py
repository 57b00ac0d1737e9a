from rest_framework.routers import BaseRouter

from credit.api import CreditAccountViewSet


def routes(router: BaseRouter) -> None:
    router.register("credit-accounts", CreditAccountViewSet, basename="credit-account")
