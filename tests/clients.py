"""HTTP clients as people and machines have them."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from rest_framework.test import APIClient

from b2b.models import Organisation, PersonalToken, User

V1 = "/api/v1"


def signed_in(user: User, organisation: Organisation | None = None, *, second_factor: bool = False) -> APIClient:
    """A browser with a session of ``user``; its requests name ``organisation`` in ``X-Organisation``."""
    client = APIClient(headers={"X-Organisation": str(organisation.pk)} if organisation else {})
    client.force_login(user)
    if second_factor:
        _pass_second_factor(client, user)
    return client


def _pass_second_factor(client: APIClient, user: User) -> None:
    """What allauth leaves in the session after a one-time code."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "mfa", type="totp")
    request.session.save()


def machine(user: User, organisation: Organisation, *scopes: str) -> APIClient:
    """A machine with a new personal token."""
    token = PersonalToken(user=user, organisation=organisation, name="Test", scopes=list(scopes))
    secret = token.draw_secret()
    token.save()
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


def faults(response: Any) -> list[tuple[str, str]]:
    """The place and the code of each fault a refusal names, as it names them."""
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]
