"""Every address of the API that names a row, taken from the OpenAPI schema, with a row a stranger may not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from b2b.api.routes import router
from b2b.attachments import store
from b2b.models import Attachment, Job, Membership, Notification, PersonalToken
from suppliers.models import Score
from tests import openapi
from tests.factories.b2b import MembershipFactory, OrganisationFactory, SupplierFactory, member
from tests.promises.machines import makers

FOR_EVERYBODY = {
    "organisations": "trading partners find each other by name",
    "categories": "the tree is the platform's",
    "attributes": "so are its attributes",
    "document-requirements": "suppliers must know what is asked of them",
    "clauses": "the platform's own clauses are everybody's; an organisation's are tested with the clauses",
}
"""Rows that are no secret, and why."""


@dataclass(frozen=True)
class Route:
    """One method at one address of one resource."""

    resource: str
    method: str
    path: str

    def at(self, key: Any) -> str:
        return self.path.replace("{id}", str(key))


def routes() -> Iterator[Route]:
    """Every route with a key in its path, but those of rows that are no secret."""
    paths = openapi.generated()[0]["paths"]
    for path, operations in sorted(paths.items()):
        if "{id}" in path and (resource := _resource(path)) not in FOR_EVERYBODY:
            for method in sorted(operations.keys() & {"get", "post", "patch", "put", "delete"}):
                yield Route(resource, method, path)


def _resource(path: str) -> str:
    return path.removeprefix("/api/v1/").split("/{id}")[0]


def row_of(resource: str) -> models.Model:
    """A row of the resource that belongs to somebody else."""
    viewset = next(viewset for prefix, viewset, _name in router().registry if prefix == resource)
    made: dict[Any, Callable[[], models.Model]] = {**makers(), **OTHERS}
    return made[viewset.queryset.model]()


def _attachment() -> models.Model:
    file = SimpleUploadedFile("notes.txt", b"Only for us.", "text/plain")
    return store(file, member(OrganisationFactory(), "buyer"))


def _job() -> Job:
    membership = MembershipFactory()
    return Job.objects.create(
        kind="b2b.kept", organisation=membership.organisation, created_by=membership.user, arguments={}
    )


def _notification() -> Notification:
    membership = MembershipFactory()
    return Notification.objects.create(
        recipient=membership.user,
        organisation=membership.organisation,
        kind="step",
        parameters={},
        document_type="b2b.organisation",
        document_id=membership.organisation_id,
    )


def _token() -> PersonalToken:
    membership = MembershipFactory()
    token = PersonalToken(user=membership.user, organisation=membership.organisation, name="Ours", scopes=[])
    token.draw_secret()
    token.save()
    return token


def _score() -> Score:
    return Score.objects.create(supplier=SupplierFactory(), buyer=OrganisationFactory(), as_of=date(2026, 1, 1))


OTHERS: dict[Any, Callable[[], models.Model]] = {
    Attachment: _attachment,
    Job: _job,
    Membership: MembershipFactory,
    Notification: _notification,
    PersonalToken: _token,
    Score: _score,
}
"""Rows that are no documents."""
