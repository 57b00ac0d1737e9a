"""How many requests an actor, an organisation or an unknown address may send."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from django.core.cache import BaseCache, caches
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class WindowRate(BaseThrottle):
    """A sliding window from two counters: this window's, and what still weighs of the one before.

    Two numbers a client, one atomic increment a request; the framework's own keeps a list of every
    request's time and loses some when two come at once.
    """

    scope: ClassVar[str]

    def __init__(self) -> None:
        self.cache: BaseCache = caches["rates"]
        self.wait_seconds = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        named = self.client(request)
        if named is None:
            return True
        scope, client = named
        limit, window_seconds = parsed(str(api_settings.DEFAULT_THROTTLE_RATES[scope]))
        return self._count(f"{scope}:{client}", limit, window_seconds)

    def client(self, request: Request) -> tuple[str, str] | None:
        """Which rate applies to whom; ``None`` when this one does not apply."""
        raise NotImplementedError

    def wait(self) -> float:
        return self.wait_seconds

    def _count(self, key: str, limit: int, window_seconds: int) -> bool:
        window, into = divmod(time.time(), window_seconds)
        now_key, before_key = f"rate:{key}:{window:.0f}", f"rate:{key}:{window - 1:.0f}"
        self.cache.add(now_key, 0, timeout=2 * window_seconds)
        used = self.cache.incr(now_key)
        before = self.cache.get(before_key, 0)
        self.wait_seconds = max(1.0, window_seconds - into)
        return bool(used + before * (1 - into / window_seconds) <= limit)


def parsed(rate: str) -> tuple[int, int]:
    """``"120/min"`` as (120, 60)."""
    limit, _, period = rate.partition("/")
    return int(limit), SECONDS[period[0]]


class ActorRate(WindowRate):
    """A signed-in person, whatever the number of their tokens; an address when nobody signed in."""

    def client(self, request: Request) -> tuple[str, str]:
        if request.user is not None and request.user.is_authenticated:
            return "actor", str(request.user.pk)
        return "anonymous", self.get_ident(request)


class OrganisationRate(WindowRate):
    """Everybody acting for one organisation together."""

    def client(self, request: Request) -> tuple[str, str] | None:
        actor = getattr(request, "actor", None)
        return ("organisation", str(actor.organisation_id)) if actor and actor.organisation_id else None
