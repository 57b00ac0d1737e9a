"""Which of the installed apps are this project's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings


def own_apps() -> Iterator[AppConfig]:
    """They lie beside the settings, though not in an environment that may lie there too."""
    return (config for config in apps.get_app_configs() if _is_ours(Path(config.path)))


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
