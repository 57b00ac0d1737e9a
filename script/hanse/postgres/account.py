"""Which system account PostgreSQL runs as: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hanse.refusal import Refusal

NAME = "_postgres" if sys.platform == "darwin" else "embedded_postgres"


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def process_arguments(self) -> dict[str, Any]:
        """For ``subprocess``, to become this account."""
        if self.is_ours:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def make_private_folder(self, path: Path) -> None:
        """Raises ``FileExistsError``."""
        path.mkdir(mode=0o700)
        if not self.is_ours:
            open_the_way(self, to=path)
            os.chown(path, self.uid, self.gid)


def account_for(folder: Path) -> Account:
    """Ourselves; as root the owner of the cluster's folder, or an account that is made for the purpose."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    entry = _entry() or _made()
    return Account(entry.pw_uid, entry.pw_gid)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if useradd:
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
        subprocess.run(command, check=False, capture_output=True)
    entry = _entry()
    if entry is None:
        raise Refusal(
            f"PostgreSQL does not run as root and the account {NAME} could not be made: run this as an ordinary user."
        )
    return entry


def open_the_way(account: Account, to: Path) -> None:
    """Lets the account walk through, but not look into, the folders above a path; says which it changed."""
    if account.is_ours:
        return
    for folder in to.resolve().parents:
        found = folder.stat()
        if not found.st_mode & stat.S_IXOTH and found.st_uid != account.uid:
            folder.chmod(found.st_mode | stat.S_IXOTH)
            print(f"PostgreSQL's account may now pass through {folder} (chmod o+x).", flush=True)


def make_readable(account: Account, folder: Path) -> None:
    """Undoes a strict umask under which root installed the programs."""
    if account.is_ours or folder.stat().st_mode & stat.S_IROTH:
        return
    for path in [*folder.rglob("*"), folder]:
        mode = path.stat().st_mode
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
