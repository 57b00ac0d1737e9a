"""Whether the front end's client still says what ``schema.yml`` does; ``--update`` writes it anew."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from hanse.frontend import MADE_FOLDERS, npm
from hanse.places import FRONTEND, ROOT

API = Path("src") / "api"
FAULT = "The client could not be generated from schema.yml:"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    if parser.parse_args(arguments).update:
        npm("run", "schema", refusal=FAULT)
    stale = [name for name, text in generated().items() if text != (FRONTEND / API / name).read_text()]
    for name in stale:
        print(f"{Path(FRONTEND.name, API, name)} does not say what schema.yml does: script/check --update client")
    return 1 if stale else 0


def generated() -> dict[str, str]:
    """The client's files as they would be written now, made in a copy so that a check changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "schema.yml", folder)
        copy = Path(folder, FRONTEND.name)
        shutil.copytree(FRONTEND, copy, ignore=shutil.ignore_patterns(*MADE_FOLDERS))
        (copy / "node_modules").symlink_to(FRONTEND / "node_modules")
        npm("run", "schema", folder=copy, refusal=FAULT)
        return {file.name: file.read_text() for file in sorted((copy / API).iterdir()) if file.is_file()}
