"""The address at which the product is reached."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator

from hanse.environment import LOCAL_HOSTS
from hanse.refusal import Refusal

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
READY_SECONDS_MAX = 90
POLL_SECONDS = 0.1
SERVER_FAULT = 500


def refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Refusal(f"Port {port} is for root only: choose another with --port.") from None
        except (OSError, OverflowError) as error:
            raise Refusal(_why_not(host, port, error)) from None


def _why_not(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OverflowError):
        return f"There is no port {port}: choose one below 65536 with --port."
    if isinstance(error, socket.gaierror) or "assign" in str(error):
        return f"{host} is not an address of this machine: choose another with --host."
    return f"Port {port} is taken: stop what listens there, or choose another with --port."


def bind_address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def local(host: str) -> str:
    return "127.0.0.1" if host in EVERYWHERE else host


def address(host: str, port: int) -> str:
    return f"http://{bind_address(local(host), port)}"


def host_names(host: str) -> Iterator[str]:
    """Under which a browser may ask for us."""
    yield from LOCAL_HOSTS
    if host not in EVERYWHERE:
        yield f"[{host}]" if ":" in host else host
        return
    name = socket.gethostname()
    yield name
    yield from _addresses(name)


def _addresses(name: str) -> list[str]:
    try:
        return socket.gethostbyname_ex(name)[2]
    except OSError:
        return []


def wait_until_ready(host: str, port: int, *, meanwhile: Callable[[], None], stopping: threading.Event) -> None:
    """Calls ``meanwhile`` between two looks; raises ``Refusal`` after too long."""
    end = time.monotonic() + READY_SECONDS_MAX
    while not stopping.wait(POLL_SECONDS):
        meanwhile()
        answer = readiness(local(host), port)
        if answer is not None and answer < SERVER_FAULT:
            return
        if time.monotonic() > end:
            raise Refusal(f"Hanse does not become ready: {address(host, port)}/readyz answers {answer or 'nothing'}.")


def readiness(host: str, port: int) -> int | None:
    """The status of ``/readyz``, or None where nobody answers."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()
