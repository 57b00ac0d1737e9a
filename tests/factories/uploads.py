"""Uploads of the tests' own register of parts."""

from __future__ import annotations

from django.core.files.base import ContentFile

from b2b.uploads.models import Upload
from b2b.uploads.starting import bring
from tests.factories.b2b import OrganisationFactory, member


def an_upload() -> Upload:
    """One that waits for a worker."""
    clerk = member(OrganisationFactory(is_buyer=True), "buyer")
    file = ContentFile(b"Part,Name,Weight\nP-1,Bolt,1.5\nP-2,,2\n", name="parts.csv")
    return bring(file, format="parts", actor=clerk)
