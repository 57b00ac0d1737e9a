"""Where things lie: the clone, its Python environment, and the folder of everything that is not in git."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"


def hanse(name: str, *arguments: str) -> list[str]:
    """The command line that runs ``hanse.<name>``."""
    return [str(PYTHON), str(ROOT / "script" / "hanse"), name, *arguments]


@dataclass(frozen=True)
class Home:
    """One running installation's own files: database, uploads, broker, secrets, logs, locks."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.env"

    def log(self, name: str) -> Path:
        return self.folder("log") / f"{name}.log"

    def lock(self, name: str) -> Path:
        return self.folder("run") / f"{name}.lock"

    def folder(self, name: str) -> Path:
        """For nobody else to look into. Root's is one that PostgreSQL's account can pass through."""
        self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        folder = self.path / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder


def product_home() -> Home:
    return Home(Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute())


def test_home() -> Home:
    """Apart from the product's, so that tests never touch a database somebody works in."""
    return Home(product_home().path / "test")


def bench_home() -> Home:
    return Home(product_home().path / "bench")
