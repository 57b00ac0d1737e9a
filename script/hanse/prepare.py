"""Bringing the database and the static files up to the code, in one process that has Django loaded once."""

from __future__ import annotations

import argparse
import hashlib
import io
import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

DEMO = "load_demo"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", choices=["always", "when-new", "never"], required=True)
    parser.add_argument("--logins", type=Path, required=True, help="where to write the demo logins")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b2b.settings")
    django.setup()
    new = not connection.introspection.table_names()
    migrate()
    collect_static_files()
    options.logins.write_text("")
    if DEMO in get_commands() and (options.demo == "always" or (options.demo == "when-new" and new)):
        options.logins.write_text(load_demo())
    return 0


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Bringing the database up to date …", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    if any(isinstance(cache, BaseDatabaseCache) for cache in caches.all(initialized_only=False)):
        call_command("createcachetable", verbosity=0)


def load_demo() -> str:
    """What to sign in with; the command itself knows whether its data are there already."""
    call_command(DEMO)
    logins = io.StringIO()
    call_command(DEMO, "--logins", stdout=logins)
    return logins.getvalue()


def collect_static_files() -> None:
    """Only when one of them changed: compressing them all takes longer than the rest of the start."""
    stamp = Path(settings.STATIC_ROOT) / ".hanse"
    wanted = _static_digest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Collecting the static files …", flush=True)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(wanted)


def _static_digest() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()
