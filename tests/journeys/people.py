"""The people of a journey: each organisation with its members, each of whom acts through HTTP only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from rest_framework.test import APIClient

from b2b.models import Organisation
from tests.clients import signed_in
from tests.factories.b2b import MembershipFactory

API = "/api/v1"


@dataclass(frozen=True)
class Person:
    """Somebody with just these roles in one organisation, signed in with a second factor."""

    client: APIClient
    organisation: Organisation

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._told(self.client.get(f"{API}{path}", query), status)

    def post(self, path: str, body: Any = None, status: int | tuple[int, ...] = (200, 201)) -> Any:
        return self._told(self.client.post(f"{API}{path}", body or {}), status)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        seen = self.client.get(f"{API}{path}")
        headers = {"If-Match": seen["ETag"]}
        return self._told(self.client.patch(f"{API}{path}", body, headers=headers), status)

    def upload(self, path: str, file: Any, *, into: str, **fields: Any) -> Any:
        """Send a file into the document at ``into``, naming the version one saw of it."""
        headers = {"If-Match": self.client.get(f"{API}{into}")["ETag"]}
        sent = {"file": file, **fields}
        return self._told(self.client.post(f"{API}{path}", sent, format="multipart", headers=headers), (200, 201))

    def download(self, path: str) -> bytes:
        answer = self.client.get(f"{API}{path}")
        assert answer.status_code == 200, answer.content
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def _told(self, answer: HttpResponse, status: int | tuple[int, ...]) -> Any:
        wanted = (status,) if isinstance(status, int) else status
        assert answer.status_code in wanted, f"{answer.status_code}: {answer.content.decode()}"
        return answer.json() if answer.content else None


def person(organisation: Organisation, *roles: str) -> Person:
    membership = MembershipFactory(organisation=organisation, roles=list(roles))
    return Person(signed_in(membership.user, organisation, second_factor=True), organisation)
