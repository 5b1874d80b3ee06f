"""The life of the plugin process, from its start to its end.

Terraform starts the process two to five times in each command and waits for the handshake line. The line is
therefore printed before the rest is imported: the socket listens already, and clients wait in its backlog.
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
"""Time after which the process is forced to end, for example while a thread waits for a name server."""


def serve(
    make_provider: Callable[[], Provider],
    *,
    address: str,
    debug: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Serve a provider to Terraform until shutdown.

    Args:
        make_provider: Makes the provider; called by the first RPC, after the handshake.
        address: The provider's source address (`host/namespace/type`), printed with `debug`.
        debug: Serve without TLS a process that a user has started, and print the environment variable with
            which Terraform connects to it.
        environment: The environment variables set by Terraform.

    Returns:
        The exit code of the process.
    """
    parent = os.getppid()  # at the very start, to detect a parent that exits later
    try:
        settings = handshake.PluginSettings() if debug else handshake.from_environment(environment)
    except handshake.StartedByHandError as help_text:
        print(help_text, file=sys.stderr)
        return 1
    except handshake.HandshakeError as error:
        print(error)  # Terraform shows only the stdout of a plugin that it can't use
        return 1
    if not debug:
        # Ctrl-C is sent to this process too, but Terraform calls StopProvider.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _exit_on_signal)
    try:
        settings = _with_usable_certificate(settings)
        listener = listen(settings)
    except handshake.HandshakeError as error:
        print(error)
        return 1
    with listener:
        identity = _make_tls_identity(settings)
        print(_startup_message(settings, listener, identity, address, debug=debug), flush=True)
        if not debug:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # Terraform expects nothing else on stdout
        return _run(make_provider, settings, listener, identity, None if debug else parent, environment)


def _with_usable_certificate(settings: handshake.PluginSettings) -> handshake.PluginSettings:
    """Return the settings with the client's certificate alone. Raises `HandshakeError` if it is unusable."""
    if settings.client_certificate is None:
        return settings
    from provider_shim.protocol.plugin.certificates import normalized_certificate

    try:
        return settings._replace(client_certificate=normalized_certificate(settings.client_certificate))
    except ValueError:
        raise handshake.HandshakeError(
            "The provider can't read the certificate in the environment variable PLUGIN_CLIENT_CERT, which "
            "Terraform sets. Check that nothing between Terraform and the provider changes it."
        ) from None


def _exit_on_signal(number: int, _: object) -> NoReturn:
    """Exit with an exception, so that the socket's folder is removed."""
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
    """Get the text for stdout: the handshake line, or with `debug` instructions for a user."""
    if debug:
        value = handshake.reattach_config(address, listener.address, os.getpid())
        return (
            "The provider is running without TLS: every process of this user can connect to it. Set this "
            "variable where you run Terraform. Ctrl-C stops it.\n\n"
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
    """Serve until shutdown. Imports that take time are here, after the handshake line."""
    import asyncio

    from provider_shim.protocol.plugin import logs, server, stale_sockets
    from provider_shim.protocol.rpc.provider_service import ProviderService

    logs.configure(environment, sys.stderr)
    if listener.parent is not None:
        stale_sockets.remove_stale(listener.parent)
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
    """End the process after a short time, even if something can't be closed."""
    import threading

    def end() -> None:
        listener.close()
        os._exit(0)

    timer = threading.Timer(_FORCE_EXIT_SECONDS, end)
    timer.daemon = True
    timer.start()
