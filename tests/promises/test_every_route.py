"""A stranger finds nothing anywhere: every address of the schema that names a row answers 404, and nothing changes."""

from __future__ import annotations

import pytest
from django.core.serializers import serialize

from b2b.models import JournalEntry, Role
from tests.factories.b2b import OrganisationFactory
from tests.promises.routes import FOR_EVERYBODY, Route, routes, row_of

ROUTES = list(routes())
RESOURCES = sorted({route.resource for route in ROUTES})


def test_the_schema_has_routes_and_every_exception_is_one():
    assert len(ROUTES) > 150
    assert set(FOR_EVERYBODY).isdisjoint(RESOURCES)


@pytest.mark.django_db
@pytest.mark.parametrize("resource", RESOURCES)
def test_a_stranger_finds_nothing(client_of, resource: str):
    row = row_of(resource)
    stranger = client_of(OrganisationFactory(is_supplier=True), *Role.values, second_factor=True)
    before, entries = serialize("json", [type(row)._base_manager.get(pk=row.pk)]), JournalEntry.objects.count()

    said = {route: ask(stranger, route, row.pk) for route in ROUTES if route.resource == resource}

    assert {f"{route.method} {route.path}": status for route, status in said.items() if status != 404} == {}
    assert serialize("json", [type(row)._base_manager.get(pk=row.pk)]) == before
    assert JournalEntry.objects.count() == entries


def ask(client, route: Route, key) -> int:
    """The answer's status; a body that is not looked at unless the row was found."""
    call = getattr(client, route.method)
    if route.method == "get":
        return call(route.at(key)).status_code
    return call(route.at(key), {}, headers={"If-Match": '"v1"'}).status_code
