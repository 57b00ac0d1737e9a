"""Thin: what the queue may call. The work itself lives elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from b2b.jobs import JobRun, job
from contracts.generating import generate

LONGEST_DRAWING = timedelta(minutes=5)


@job("contracts.generate", lease=LONGEST_DRAWING)
def generate_pdf(run: JobRun) -> dict[str, Any] | None:
    version = generate(UUID(run.arguments["contract_id"]))
    return None if version is None else {"contract": version.contract_id, "sha256": version.pdf_sha256}
