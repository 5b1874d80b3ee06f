"""The gRPC server on the listening socket, from its start to its shutdown."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from grpclib.config import Configuration
from grpclib.server import Server

from provider_shim.protocol.plugin.listener import Listener
from provider_shim.protocol.plugin.plugin_services import Broker, Controller, Health, Stdio
from provider_shim.protocol.rpc.grpc_handlers import Service
from provider_shim.protocol.rpc.provider_service import ProviderService

if TYPE_CHECKING:
    import ssl

_WINDOW = 64 * 1024 * 1024
"""HTTP/2 window size in bytes, so that a large state is sent without waiting for window updates."""

_CLOSE_TIMEOUT = 0.15
"""Seconds for each step of the shutdown. Terraform waits two seconds, in every command."""

_PARENT_CHECK_SECONDS = 1.0

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]


async def run(
    service: ProviderService,
    listener: Listener,
    tls: ssl.SSLContext | None,
    *,
    shutdown: asyncio.Event,
    on_shutdown: Callable[[], None] = lambda: None,
) -> None:
    """Serve until `shutdown` is set, by a client's `Shutdown` or by the caller.

    `on_shutdown` is called at the start of the shutdown, before any step that can take time.
    """
    services: list[Service] = [service, Controller(shutdown.set), Stdio(), Broker(), Health()]
    window = Configuration(http2_connection_window_size=_WINDOW, http2_stream_window_size=_WINDOW)
    server = Server(services, config=window)
    await server.start(sock=listener.socket, ssl=tls)
    log.debug("serving", extra={"network": listener.address.network})
    if tls is None:
        log.warning("serving without TLS: every process that can reach the socket can send requests")
    try:
        await shutdown.wait()
    finally:
        on_shutdown()
        await _with_timeout("the provider's connections", service.close())
        server.close()
        await _with_timeout("the server", server.wait_closed())


async def _with_timeout(name: str, work: Awaitable[None]) -> None:
    """Run a step of the shutdown with a time limit. Failures are logged."""
    try:
        await asyncio.wait_for(work, _CLOSE_TIMEOUT)
    except TimeoutError:
        log.warning("%s took too long to close", name)
    except Exception:
        log.exception("%s failed to close", name)


async def until_parent_exits(
    parent: int,
    *,
    current_parent: Callable[[], int] = os.getppid,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Return when the parent process has exited: the system then gives this process another parent."""
    while current_parent() == parent:
        await sleep(_PARENT_CHECK_SECONDS)
    log.warning("the process that started the provider has exited")


async def shut_down_when(
    condition: Awaitable[None], service: ProviderService, shutdown: asyncio.Event
) -> None:
    """Cancel running RPCs and shut down once `condition` returns."""
    await condition
    await _with_timeout("the running RPCs", service.stop())
    shutdown.set()


def shut_down_on_signals(shutdown: asyncio.Event, signals: tuple[signal.Signals, ...]) -> None:
    """Shut down on these signals, so that the socket's folder is removed."""
    loop = asyncio.get_running_loop()
    for signal_ in signals:
        loop.add_signal_handler(signal_, shutdown.set)
