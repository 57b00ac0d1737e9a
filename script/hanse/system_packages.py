"""Installing with the system's own package manager, where we are allowed to."""

from __future__ import annotations

import os
import shutil
import sys

from hanse.commands import succeeds


def install(packages: list[str]) -> bool:
    """Whether the packages could be installed; never asks for a password."""
    command = _command(packages)
    if command is None:
        return False
    print(f"Installing {', '.join(packages)} …", flush=True)
    if command[-len(packages) - 1] == "install" and sys.platform == "darwin":
        return succeeds(command)
    return succeeds(command) or (succeeds([*_as_root(), "apt-get", "update"]) and succeeds(command))


def advice(packages: list[str]) -> str:
    """The command that a person with the rights can type."""
    names = " ".join(packages)
    if shutil.which("apt-get"):
        return f"sudo apt-get install {names}"
    if sys.platform == "darwin":
        return f"brew install {names}"
    return f"install {names} with the system's package manager"
