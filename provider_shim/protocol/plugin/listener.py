"""The listening socket: a unix socket in a private folder, or a TCP port on the loopback interface."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Sequence
from types import TracebackType

from provider_shim.protocol.plugin.handshake import HandshakeError, ListenAddress, PluginSettings

_BACKLOG = 16
FOLDER_PREFIX = "flowbridge-"
SOCKET_NAME = "s"  # short, because the length of the path is limited
_MAX_PATH = 103
"""Longest path of a unix socket in bytes: on macOS. Linux allows four more."""
_SHORT_FOLDER = "/tmp"  # noqa: S108 # nosec B108 # the folder within it is ours, 0700


class Listener:
    """A listening socket and its address. `close` removes its files.

    The address can be published before the server runs: clients that connect early wait in the backlog.
    """

    def __init__(self, sock: socket.socket, address: ListenAddress, folder: str | None = None) -> None:
        self.socket = sock
        self.address = address
        self._folder = folder

    @property
    def parent(self) -> str | None:
        """The folder in which this socket's folder is, or `None` with TCP."""
        return None if self._folder is None else os.path.dirname(self._folder)

    def close(self) -> None:
        """Stop listening and remove the socket and its folder. Does nothing when called again."""
        self.socket.close()
        if self._folder is not None:
            _remove(self._folder)
            self._folder = None

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def listen(
    settings: PluginSettings,
    *,
    unix: bool = hasattr(socket, "AF_UNIX"),
    short_folder: str = _SHORT_FOLDER,
) -> Listener:
    """Listen as configured: on a unix socket, or on TCP if the system has no unix sockets.

    If the configured folder is too long for a socket, the socket is in `short_folder`. If that is unusable
    too, it is on TCP, but only with TLS, because all users of this machine can connect to it.

    Raises:
        HandshakeError: The folder is unusable, or no port is free.
    """
    if not unix:
        return _listen_tcp(_ports(settings))
    parent, variable = _parent_folder(settings)
    if _is_short(parent):
        return _listen_unix(parent, variable)
    try:
        return _listen_unix(short_folder, None)
    except HandshakeError:
        if settings.client_certificate is None:
            raise
        return _listen_tcp(_ports(settings))


def _parent_folder(settings: PluginSettings) -> tuple[str, str | None]:
    """Return the folder for the socket's own folder, and the environment variable that sets it, if any."""
    if settings.socket_folder:
        return settings.socket_folder, "PLUGIN_UNIX_SOCKET_DIR"
    if folder := os.environ.get("TMPDIR"):
        return folder, "TMPDIR"
    return _SHORT_FOLDER, None


def _is_short(parent: str) -> bool:
    return len(os.fsencode(_socket_path(_new_name(parent)))) <= _MAX_PATH


def _listen_unix(parent: str, variable: str | None) -> Listener:
    try:
        return _listen_in(parent)
    except OSError as error:
        remedy = f"Set {variable or 'TMPDIR'} to an existing folder in which this user can create files."
        raise HandshakeError(
            f"The provider can't create its socket in the folder {parent}"
            f"{f' of the environment variable {variable}' if variable else ''}: {error.strerror}. {remedy}"
        ) from error


def _listen_in(parent: str) -> Listener:
    folder = _private_folder(parent)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path = _socket_path(folder)
    try:
        sock.bind(path)
        sock.listen(_BACKLOG)
    except BaseException:
        sock.close()
        _remove(folder)
        raise
    return Listener(sock, ListenAddress("unix", path), folder)


def _private_folder(parent: str) -> str:
    """Make a folder with mode 0700. `tempfile` does the same but takes longer to import."""
    folder = _new_name(parent)
    os.mkdir(folder, 0o700)
    return folder


def _new_name(parent: str) -> str:
    return os.path.join(parent, f"{FOLDER_PREFIX}{os.urandom(8).hex()}")


def _socket_path(folder: str) -> str:
    return os.path.join(folder, SOCKET_NAME)


def _remove(folder: str) -> None:
    """Remove the socket and its folder, if they exist."""
    for remove, path in ((os.unlink, _socket_path(folder)), (os.rmdir, folder)):
        with contextlib.suppress(FileNotFoundError):
            remove(path)


def _ports(settings: PluginSettings) -> Sequence[int]:
    if not settings.min_port or settings.max_port < settings.min_port:
        return (0,)
    return range(settings.min_port, settings.max_port + 1)


def _listen_tcp(ports: Sequence[int]) -> Listener:
    """Listen on the first free port, on the loopback interface only."""
    for port in ports:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.bind(("127.0.0.1", port))
            sock.listen(_BACKLOG)
        except OSError as error:
            sock.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise HandshakeError(f"The provider can't listen on 127.0.0.1: {error.strerror}.") from error
        else:
            host, bound = sock.getsockname()
            return Listener(sock, ListenAddress("tcp", f"{host}:{bound}"))
    raise HandshakeError(
        f"The provider can't listen: no port from {ports[0]} to {ports[-1]} is free. Set PLUGIN_MIN_PORT and "
        "PLUGIN_MAX_PORT to a range with a free port."
    )
