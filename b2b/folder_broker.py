"""The embedded broker: Kombu's folder of messages, with messages that are whole or not there.

Kombu writes a message where it is read from, so that a reader may see half of it, and one that was killed while
writing leaves half of it for ever; either stops the worker that takes it. Here a message appears by its renaming, and
what cannot be read is dropped with a line in the log: the outbox and the leases of jobs ring again.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

log = logging.getLogger(__name__)

SCHEME = "filesystem"
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)


class Channel(filesystem.Channel):
    looked_at: ClassVar[float] = 0.0
    """When this process last looked for messages, by ``monotonic``: the sign that its loop goes round."""

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]  # both bases differ
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        draft = folder / f".{name}"
        try:
            draft.write_text(dumps(message))
            draft.rename(folder / name)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """Raises ``Empty``."""
        Channel.looked_at = monotonic()
        while True:
            try:
                message: dict[str, Any] = super()._get(queue)
                self.message_to_python(message)
            except UNREADABLE as fault:
                log.warning("A message of the queue %s could not be read and is dropped (%s).", queue, fault)
            else:
                return message

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str) -> None:
        """A list of queues that somebody was killed writing is written anew."""
        try:
            super()._queue_bind(exchange, routing_key or "", pattern, queue)
        except UNREADABLE as fault:
            file = Path(self.control_folder) / f"{exchange}.exchange"
            log.warning("The broker's %s could not be read and is made anew (%s).", file.name, fault)
            file.unlink(missing_ok=True)
            super()._queue_bind(exchange, routing_key or "", pattern, queue)

    def get_table(self, exchange: str) -> list[Any]:
        try:
            return list(super().get_table(exchange))
        except UNREADABLE:
            return []


class Transport(filesystem.Transport):
    Channel = Channel


def install() -> None:
    """Have every URL that begins with ``filesystem:`` mean this one."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
