"""One router for all apps: each offers ``<app>/urls.py`` with ``routes(router)`` and registers what it has."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from rest_framework.routers import SimpleRouter


def router() -> SimpleRouter:
    """A router on which every app of ours has registered its viewsets under plural nouns."""
    shared = SimpleRouter(use_regex_path=False)
    for config in apps.get_app_configs():
        if is_ours(config) and find_spec(f"{config.name}.urls") is not None:
            import_module(f"{config.name}.urls").routes(shared)
    return shared


def is_ours(config: AppConfig) -> bool:
    """Apps of this project lie beside the settings; the environment may lie there too."""
    path = Path(config.path)
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
