from __future__ import annotations

from rest_framework.routers import SimpleRouter

from b2b.uploads.api.change import UploadChangeViewSet
from b2b.uploads.api.format import FormatViewSet
from b2b.uploads.api.upload import UploadViewSet


def routes(router: SimpleRouter) -> None:
    router.register("uploads", UploadViewSet, basename="upload")
    router.register("upload-formats", FormatViewSet, basename="upload-format")
    router.register("upload-changes", UploadChangeViewSet, basename="upload-change")
