from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import SimpleRouter


def routes(router: SimpleRouter) -> None:
    """Offer the kernel's own endpoints under /api/v1/."""


urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("b2b.api.urls")),
]
