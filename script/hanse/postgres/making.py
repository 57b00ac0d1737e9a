"""Making a cluster where there is none, and refusing a folder that holds something else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hanse.postgres.cluster import FAST, SUPERUSER, Cluster
from hanse.postgres.programs import run, utf8_locale
from hanse.refusal import Refusal

RESET_ADVICE = "`script/server --reset` begins again with an empty database."


def ensure_made(cluster: Cluster) -> None:
    """Raises ``Refusal`` when the folder holds what cannot be our cluster."""
    if not _has_something(cluster.folder):
        _make(cluster)
    refuse_foreign_data(cluster)


def _has_something(folder: Path) -> bool:
    return folder.exists() and (not os.access(folder, os.R_OK | os.X_OK) or any(folder.iterdir()))


def _make(cluster: Cluster) -> None:
    """In a folder beside it that is moved into place when finished: an interrupted start leaves no half cluster."""
    unfinished = cluster.folder.with_name(f"{cluster.folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    cluster.account.make_private_folder(unfinished)
    _initialise(cluster, unfinished)
    if cluster.folder.exists():
        cluster.folder.rmdir()
    unfinished.rename(cluster.folder)


def _initialise(cluster: Cluster, folder: Path) -> None:
    arguments = [
        *("--pgdata", str(folder), "--username", SUPERUSER, "--encoding", "UTF8"),
        # Whoever can open the socket, whose folder is private, is who we want.
        *("--auth", "trust"),
        # Sorts and folds alike on every system, whatever LANG is.
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--lc-collate", "C"),
        *("--lc-ctype", utf8_locale(), "--lc-messages", "C"),
        *(["--no-sync"] if cluster.settings == FAST else []),
    ]
    done = run(cluster.account, "initdb", *arguments)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["initdb said nothing"])[-1]
        raise Refusal(f"The embedded PostgreSQL could not be made in {folder}: {reason}")


def refuse_foreign_data(cluster: Cluster) -> None:
    if not os.access(cluster.folder, os.R_OK | os.W_OK | os.X_OK):
        raise Refusal(f"{cluster.folder} belongs to another user: run this as its owner.")
    made_by = cluster.folder / "PG_VERSION"
    if not made_by.exists():
        raise Refusal(f"{cluster.folder} is damaged: it is not empty, yet holds no database. {RESET_ADVICE}")
    theirs, ours = made_by.read_text().strip(), program_version(cluster).split(".")[0]
    if theirs != ours:
        raise Refusal(
            f"{cluster.folder} was made by PostgreSQL {theirs or 'of an unknown version'} and this is {ours}: "
            f"bring the data over with that version's pg_dump. {RESET_ADVICE}"
        )


def program_version(cluster: Cluster) -> str:
    """As in ``18.1``."""
    return run(cluster.account, "postgres", "--version").stdout.split()[-1]
