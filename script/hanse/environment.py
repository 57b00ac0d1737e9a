"""The environment in which Hanse's own processes run: what the caller set, and what development fills in."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from hanse.places import VENV, Home
from hanse.system_libraries import MACOS_LIBRARY_FOLDERS

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")

# How to make each secret that a production installation has to bring itself.
MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "JOURNAL_SIGNING_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "FIELD_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}


def environment(home: Home, database_url: str, **defaults: str) -> dict[str, str]:
    """For a child process; whatever the caller's own environment sets wins over ``defaults`` and kept secrets."""
    filled_in = {
        **kept_secrets(home.secrets),
        "ALLOWED_HOSTS": ",".join([*LOCAL_HOSTS, "testserver"]),
        "STATIC_STORAGE_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        **defaults,
        **os.environ,
        "DATABASE_URL": database_url,
        "VAR_DIR": str(home.path),
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }
    if sys.platform == "darwin":
        filled_in.setdefault("DYLD_FALLBACK_LIBRARY_PATH", ":".join(MACOS_LIBRARY_FOLDERS))
    return filled_in


def kept_secrets(file: Path) -> dict[str, str]:
    """Read from the file, which is made, or completed, on first use.

    A secret once kept is never replaced: what was encrypted or signed with it would be lost.
    """
    found = _read(file)
    missing = {name: make() for name, make in MAKERS.items() if name not in found}
    if missing:
        _append(file, missing)
        found = _read(file)
    return found


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    pairs = [line.partition("=") for line in file.read_text().splitlines()]
    # Of two processes that both made a secret, the first line counts.
    return {name: value for name, _, value in reversed(pairs) if value}


def _append(file: Path, values: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as lines:
        lines.write("".join(f"{name}={value}\n" for name, value in values.items()))
