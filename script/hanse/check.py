"""Everything that can be said about the code without running it: each check on a line, the words of those that fail.

``script/check NAME …`` runs only those; ``script/check --update`` writes anew what is made from the code: the API
schema, the front end's client, the pages of workflows and tables, and the list of strings to translate.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hanse.database import database
from hanse.environment import environment
from hanse.node import path_with_node
from hanse.places import FRONTEND, PYTHON, ROOT, VENV, hanse, test_home
from hanse.postgres.cluster import FAST

PYPROJECT = ROOT / "pyproject.toml"
SCHEMA = ROOT / "schema.yml"
MANAGE = (str(PYTHON), str(ROOT / "manage.py"))


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]
    # Writes anew what the check compares.
    update: tuple[str, ...] = ()
    folder: Path = ROOT
    # False while there is nothing yet for it to look at.
    applies: bool = True


@dataclass(frozen=True)
class Outcome:
    check: Check
    passed: bool
    words: str


def all_checks() -> list[Check]:
    """The longest first, so that the short ones run beside them."""
    workflow_pages, sheet_pages = (*MANAGE, "workflow_docs"), (*MANAGE, "sheet_docs")
    schema, client, translations = (tuple(hanse(name)) for name in ("schema", "client", "translations"))
    return [
        Check("types", (_program("mypy"),)),
        Check("frontend", ("npm", "run", "--silent", "check"), folder=FRONTEND, applies=_has_frontend()),
        Check("schema", schema, update=(*schema, "--update"), applies=SCHEMA.exists()),
        Check("client", client, update=(*client, "--update"), applies=_has_frontend() and SCHEMA.exists()),
        Check("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
        Check("workflows", (*workflow_pages, "--check"), update=workflow_pages, applies=_can("workflow_docs")),
        Check("sheets", (*sheet_pages, "--check"), update=sheet_pages, applies=_can("sheet_docs")),
        Check("layers", (_program("lint-imports"),), applies="[tool.importlinter" in PYPROJECT.read_text()),
        Check("translations", translations, update=(*translations, "--update")),
        Check("lint", (_program("ruff"), "check", "--quiet", ".")),
        Check("format", (_program("ruff"), "format", "--check", "--quiet", ".")),
    ]


def _program(name: str) -> str:
    return str(VENV / "bin" / name)


def _has_frontend() -> bool:
    return (FRONTEND / "package.json").exists()


def _can(command: str) -> bool:
    return any(ROOT.glob(f"*/management/commands/{command}.py"))


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    chosen = [check for check in all_checks() if check.applies and check.name in options.names]
    with database(test_home(), FAST, name="postgres") as ours:
        variables = environment(test_home(), ours.url)
        if _has_frontend():
            variables["PATH"] = f"{VENV / 'bin'}{os.pathsep}{path_with_node()}"
        if options.update:
            _update(chosen, variables)
        outcomes = run_all(chosen, variables)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        print(f"\n--- {outcome.check.name}\n{outcome.words.strip()}")
    return 1 if failed else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    names = [check.name for check in all_checks()]
    parser = argparse.ArgumentParser(
        prog="script/check", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--update", action="store_true", help="write anew what is made from the code")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(names):
        parser.error(f"there is no check {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    options.names = options.names or names
    return options


def _update(chosen: list[Check], variables: Mapping[str, str]) -> None:
    for check in chosen:
        if check.update:
            subprocess.run(check.update, cwd=check.folder, env=variables, check=False)


def run_all(chosen: list[Check], variables: Mapping[str, str]) -> list[Outcome]:
    """As many at once as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda check: run_one(check, variables), chosen))


def run_one(check: Check, variables: Mapping[str, str]) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=check.folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    verdict = "FAILED" if done.returncode else "ok"
    print(f"{check.name:<14}{verdict:<8}{time.monotonic() - started:5.1f} s", flush=True)
    return Outcome(check, done.returncode == 0, done.stdout)
