"""The journal: append-only, hash-chained per document, sealed in signed checkpoints."""

from b2b.journal.checkpoint import sign_checkpoint
from b2b.journal.record import entry, record, record_all
from b2b.journal.snapshot import NOTHING, Snapshot, snapshot
from b2b.journal.verification import Finding, verify

__all__ = ["NOTHING", "Finding", "Snapshot", "entry", "record", "record_all", "sign_checkpoint", "snapshot", "verify"]
