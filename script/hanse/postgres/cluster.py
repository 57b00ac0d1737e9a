"""What a cluster is: its folder, its settings, and how clients reach it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from hanse.places import Home
from hanse.postgres.account import Account, account_for

SUPERUSER = "postgres"
PORT = 5432  # Of the socket's name only; nothing listens on the network.
SOCKET_NAME = f".s.PGSQL.{PORT}"
# The shortest limit among our systems is macOS's 103; the lock file PostgreSQL puts beside the socket adds five.
SOCKET_PATH_BYTES_MAX = 98

SAFE = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "hanse",
}
# A power cut may cost the whole cluster, which only tests can bear.
FAST = SAFE | {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Cluster:
    """The PostgreSQL of one home, running or not."""

    home: Home
    settings: Mapping[str, str]

    @property
    def folder(self) -> Path:
        return self.home.postgres

    @property
    def log(self) -> Path:
        return self.home.log("postgres")

    @cached_property
    def account(self) -> Account:
        return account_for(self.folder)

    def url(self, database: str) -> str:
        """In the form that libpq and ``DATABASE_URL`` both understand."""
        return f"postgres://{SUPERUSER}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    @cached_property
    def socket_folder(self) -> Path:
        """The cluster's own folder, or a private one elsewhere where that path is too long for a socket."""
        if len(os.fsencode(self.folder / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX:
            return self.folder
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path("/tmp", f"hanse-{self.account.uid}-{digest}")  # noqa: S108 (refused unless private)

    @property
    def socket(self) -> Path:
        return self.socket_folder / SOCKET_NAME
