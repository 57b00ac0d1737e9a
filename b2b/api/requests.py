"""The request as our views get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import request

if TYPE_CHECKING:
    from b2b.models import User
    from b2b.policy import Actor


class Request(request.Request):
    """Knows for whom it is made, once the permission ``IsSignedIn`` has asked."""

    user: User

    @property
    def actor(self) -> Actor:
        """Kept on Django's own request, where the access log finds it too."""
        wrapped: Any = self._request
        return wrapped.actor

    @actor.setter
    def actor(self, actor: Actor) -> None:
        wrapped: Any = self._request
        wrapped.actor = actor
