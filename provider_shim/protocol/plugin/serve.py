"""The way in: from the start of the process to its end.

Terraform starts the process two to five times in each command and waits for the handshake line, so the line
goes out before anything is imported that it doesn't need: the socket listens, and a client that comes early
waits in its backlog.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NoReturn

from provider_shim.protocol.plugin import handshake
from provider_shim.protocol.plugin.listener import Listener, listen

if TYPE_CHECKING:
    from provider_shim.lifecycle.provider_api import Provider
    from provider_shim.protocol.plugin.certificates import TlsIdentity

_FORCE_EXIT_SECONDS = 0.4
"""After this the process ends whatever still holds it, such as a thread that waits for a name server."""


def serve(
    make_provider: Callable[[], Provider],
    *,
    address: str,
    debug: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Serve a provider to Terraform and return the process's exit code.

    `make_provider` is called when the first call needs the provider, after the handshake. `address` is the
    provider's source address (`host/namespace/type`), which only `debug` prints: then the process is started
    by a person, serves without TLS and prints the variable by which Terraform finds it.
    """
    parent = os.getppid()  # first of all: a parent that dies from here on is noticed
    try:
        settings = handshake.PluginSettings() if debug else handshake.from_environment(environment)
    except handshake.StartedByHandError as help_text:
        print(help_text, file=sys.stderr)
        return 1
    except handshake.HandshakeError as error:
        print(error)  # of a plugin that it can't use Terraform shows what it wrote to stdout, and only that
        return 1
    if not debug:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; Terraform calls StopProvider
    signal.signal(signal.SIGTERM, _exit_on_signal)
    with listen(settings) as listener:
        identity = _make_tls_identity(settings)
        print(_startup_message(settings, listener, identity, address, debug=debug), flush=True)
        if not debug:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # Terraform expects nothing more on stdout
        return _run(make_provider, settings, listener, identity, None if debug else parent, environment)


def _exit_on_signal(number: int, _: object) -> NoReturn:
    """Leave by an exception, so that the socket's folder goes too."""
    raise SystemExit(128 + number)


def _make_tls_identity(settings: handshake.PluginSettings) -> TlsIdentity | None:
    if settings.client_certificate is None:
        return None
    from provider_shim.protocol.plugin.certificates import make_tls_identity

    return make_tls_identity()


def _startup_message(
    settings: handshake.PluginSettings,
    listener: Listener,
    identity: TlsIdentity | None,
    address: str,
    *,
    debug: bool,
) -> str:
    """What goes to stdout: the handshake line, or for a person what to do."""
    if debug:
        value = handshake.reattach_config(address, listener.address, os.getpid())
        return (
            "The provider is running. Set this where you run Terraform, and press Ctrl-C here to end it:\n\n"
            f"export TF_REATTACH_PROVIDERS='{value}'\n"
        )
    certificate = identity.certificate if identity else None
    return handshake.handshake_line(
        listener.address, certificate, multiplexing_requested=settings.multiplexing_requested
    )


def _run(
    make_provider: Callable[[], Provider],
    settings: handshake.PluginSettings,
    listener: Listener,
    identity: TlsIdentity | None,
    parent: int | None,
    environment: Mapping[str, str],
) -> int:
    """Serve until the end; everything that costs time is imported here, behind the handshake line."""
    import asyncio

    from provider_shim.protocol.plugin import logs, server
    from provider_shim.protocol.rpc.provider_service import ProviderService

    logs.configure(environment, sys.stderr)
    tls = None
    if identity is not None and settings.client_certificate is not None:
        from provider_shim.protocol.plugin.certificates import server_context

        tls = server_context(identity, settings.client_certificate)

    async def serve_until_shutdown() -> None:
        service, shutdown = ProviderService(make_provider), asyncio.Event()
        watch = None
        if parent is not None:
            watch = asyncio.create_task(
                server.shut_down_when(server.until_parent_exits(parent), service, shutdown)
            )
        server.shut_down_on_signals(
            shutdown, (signal.SIGTERM,) if parent is not None else (signal.SIGTERM, signal.SIGINT)
        )
        await server.run(
            service, listener, tls, shutdown=shutdown, on_shutdown=lambda: _force_exit_later(listener)
        )
        if watch is not None:
            watch.cancel()

    asyncio.run(serve_until_shutdown())
    return 0


def _force_exit_later(listener: Listener) -> None:
    """Have the process end soon even where something can't be closed."""
    import threading

    def end() -> None:
        listener.close()
        os._exit(0)

    timer = threading.Timer(_FORCE_EXIT_SECONDS, end)
    timer.daemon = True
    timer.start()
