"""The listening socket: a unix socket in a private folder, or a TCP port on the loopback interface."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Sequence
from types import TracebackType

from provider_shim.protocol.plugin.handshake import ListenAddress, PluginSettings

_BACKLOG = 16
_SOCKET_NAME = "s"  # short: the path of a unix socket is limited to about a hundred characters


class Listener:
    """A listening socket and its address. `close` removes its files.

    The address can be published before the server runs: clients that connect early wait in the backlog.
    """

    def __init__(self, sock: socket.socket, address: ListenAddress, folder: str | None = None) -> None:
        self.socket = sock
        self.address = address
        self._folder = folder

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


def listen(settings: PluginSettings, *, unix: bool = hasattr(socket, "AF_UNIX")) -> Listener:
    """Listen as configured: on a unix socket, or on TCP if the system has no unix sockets."""
    return _listen_unix(settings.socket_folder) if unix else _listen_tcp(_ports(settings))


def _listen_unix(parent: str | None) -> Listener:
    folder = _private_folder(parent or os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 - the folder is ours, 0700
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path = os.path.join(folder, _SOCKET_NAME)
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
    folder = os.path.join(parent, f"flowbridge-{os.urandom(8).hex()}")
    os.mkdir(folder, 0o700)
    return folder


def _remove(folder: str) -> None:
    """Remove the socket and its folder, if they exist."""
    for remove, path in ((os.unlink, os.path.join(folder, _SOCKET_NAME)), (os.rmdir, folder)):
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
                raise
        else:
            host, bound = sock.getsockname()
            return Listener(sock, ListenAddress("tcp", f"{host}:{bound}"))
    raise OSError(errno.EADDRINUSE, f"no free port from {ports[0]} to {ports[-1]}")
