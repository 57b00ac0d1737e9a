"""Installing with the system's own package manager, where we are allowed to."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass

from hanse.commands import succeeds


@dataclass(frozen=True)
class Packages:
    """What to install for one need, under the names each system gives it."""

    debian: tuple[str, ...]
    homebrew: tuple[str, ...] = ()

    def install(self) -> bool:
        """Whether they could be installed; never asks for a password."""
        if shutil.which("apt-get"):
            return _install_with_apt(self.debian)
        if self.homebrew and shutil.which("brew") and os.geteuid() != 0:
            print(f"Installing {', '.join(self.homebrew)} …", flush=True)
            return succeeds(["brew", "install", *self.homebrew])
        return False

    def advice(self) -> str:
        """The command that a person with the rights can type."""
        if sys.platform == "darwin":
            return f"brew install {' '.join(self.homebrew)}"
        if shutil.which("apt-get"):
            return f"sudo apt-get install {' '.join(self.debian)}"
        return f"install what Debian calls {' '.join(self.debian)}"


def _install_with_apt(names: tuple[str, ...]) -> bool:
    apt = _apt()
    if not apt:
        return False
    print(f"Installing {', '.join(names)} …", flush=True)
    install = [*apt, "install", "--yes", "--no-install-recommends", *names]
    # A fresh machine has no package lists, and an old one's may name files that are gone.
    return succeeds(install) or (succeeds([*apt, "update"]) and succeeds(install))


def _apt() -> list[str]:
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    if os.geteuid() == 0:
        return quietly
    if succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n", *quietly]
    return []
