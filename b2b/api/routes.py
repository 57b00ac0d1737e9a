"""One router for all apps: each offers ``<app>/urls.py`` with ``routes(router)`` and registers what it has."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from rest_framework.routers import SimpleRouter

from b2b.own_apps import own_apps


def router() -> SimpleRouter:
    """A router on which every app of ours has registered its viewsets under plural nouns."""
    shared = SimpleRouter(use_regex_path=False)
    for config in own_apps():
        if find_spec(f"{config.name}.urls") is not None:
            import_module(f"{config.name}.urls").routes(shared)
    return shared
