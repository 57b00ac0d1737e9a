from rest_framework.routers import SimpleRouter

from tests.sample.api import MemoViewSet


def routes(router: SimpleRouter) -> None:
    router.register("memos", MemoViewSet, basename="memo")
