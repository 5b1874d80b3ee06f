"""The running process: gRPC over the listening socket, until Terraform or the user says that it is over."""

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
"""Bytes that a client may send ahead, so that a large state doesn't wait for window updates."""

_CLOSE_TIMEOUT = 0.15
"""How long each part of the end may take. Terraform itself waits two seconds, in every command."""

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
    """Serve until `ending` is set, by a client's `Shutdown` or by the caller, then end soon.

    `on_end` is called when the end begins, before anything that could take its time.
    """
    services: list[Service] = [service, Controller(shutdown.set), Stdio(), Broker(), Health()]
    window = Configuration(http2_connection_window_size=_WINDOW, http2_stream_window_size=_WINDOW)
    server = Server(services, config=window)
    await server.start(sock=listener.socket, ssl=tls)
    log.debug("serving", extra={"network": listener.address.network})
    try:
        await shutdown.wait()
    finally:
        on_shutdown()
        await _with_timeout("the provider's connections", service.close())
        server.close()
        await _with_timeout("the server", server.wait_closed())


async def _with_timeout(name: str, work: Awaitable[None]) -> None:
    """Give a last piece of work a short while; the process ends whether it succeeds or not."""
    try:
        await asyncio.wait_for(work, _CLOSE_TIMEOUT)
    except TimeoutError:
        log.warning("%s took too long to end", name)
    except Exception:
        log.exception("%s failed to end", name)


async def until_parent_exits(
    parent: int,
    *,
    current_parent: Callable[[], int] = os.getppid,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Return when the process that started this one is gone, which the system tells by another parent."""
    while current_parent() == parent:
        await sleep(_PARENT_CHECK_SECONDS)
    log.warning("the process that started the provider is gone")


async def shut_down_when(
    condition: Awaitable[None], service: ProviderService, shutdown: asyncio.Event
) -> None:
    """When something has come to pass, let running calls stop and the process end."""
    await condition
    await _with_timeout("the provider's calls", service.stop())
    shutdown.set()


def shut_down_on_signals(shutdown: asyncio.Event, signals: tuple[signal.Signals, ...]) -> None:
    """Make signals end the process in order, so that the socket's folder goes with it."""
    loop = asyncio.get_running_loop()
    for signal_ in signals:
        loop.add_signal_handler(signal_, shutdown.set)
