from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from b2b.api.me import MyMembershipViewSet
from b2b.api.members import MemberViewSet
from b2b.api.organisations import OrganisationViewSet
from b2b.api.tokens import TokenViewSet


def routes(router: SimpleRouter) -> None:
    """Offer the kernel's own endpoints under /api/v1/."""
    router.register("me/memberships", MyMembershipViewSet, basename="my-membership")
    router.register("organisations", OrganisationViewSet, basename="organisation")
    router.register("members", MemberViewSet, basename="member")
    router.register("tokens", TokenViewSet, basename="token")


urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("b2b.api.urls")),
]
