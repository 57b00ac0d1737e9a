"""One router for all apps: each offers ``<app>/urls.py`` with ``routes(router)`` and registers what it has."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern
from rest_framework.routers import SimpleRouter

from b2b.own_apps import own_apps


def router() -> SimpleRouter:
    """A router on which every app of ours has registered its viewsets under plural nouns."""
    shared = SimpleRouter(use_regex_path=False)
    for config in own_apps():
        if find_spec(f"{config.name}.urls") is not None:
            import_module(f"{config.name}.urls").routes(shared)
    return shared


class ByNoun(URLResolver):
    """Finds an address among those that begin with the same noun, without trying the hundreds of others one by one."""

    def __init__(self, patterns: list[URLPattern | URLResolver]) -> None:
        super().__init__(_anything(), patterns)
        nouns: dict[str, list[URLPattern | URLResolver]] = {}
        for pattern in patterns:
            nouns.setdefault(_noun(str(pattern.pattern)), []).append(pattern)
        self._of_noun = {noun: URLResolver(_anything(), alike) for noun, alike in nouns.items()}

    def resolve(self, path: str) -> ResolverMatch:
        """Raises ``Resolver404``."""
        alike = self._of_noun.get(_noun(path))
        if alike is None:
            raise Resolver404({"tried": [], "path": path})
        return alike.resolve(path)


def _anything() -> RoutePattern:
    return RoutePattern("", is_endpoint=False)


def _noun(path: str) -> str:
    return path.partition("/")[0]
