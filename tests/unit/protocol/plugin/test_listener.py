"""The listening socket."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from provider_shim.protocol.plugin.handshake import PluginSettings
from provider_shim.protocol.plugin.listener import listen


def test_unix_socket(tmp_path: Path) -> None:
    """The socket is in a private folder within the one that Terraform sets."""
    with listen(PluginSettings(socket_folder=str(tmp_path))) as listener:
        path = Path(listener.address.location)

        assert listener.address.network == "unix"
        assert path.is_socket()
        assert path.parent.parent == tmp_path
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    assert list(tmp_path.iterdir()) == []


def test_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a folder from Terraform the user's temporary folder is used."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    with listen(PluginSettings()) as listener:
        assert Path(listener.address.location).parent.parent == tmp_path


def test_early_client(tmp_path: Path) -> None:
    """A client can connect before the server runs."""
    with (
        listen(PluginSettings(socket_folder=str(tmp_path))) as listener,
        socket.socket(socket.AF_UNIX) as client,
    ):
        client.connect(listener.address.location)


def test_closing_twice(tmp_path: Path) -> None:
    """Closing again does nothing."""
    listener = listen(PluginSettings(socket_folder=str(tmp_path)))
    listener.close()
    listener.close()


def test_path_too_long(tmp_path: Path) -> None:
    """If the path is too long for a socket, nothing is left in the folder."""
    deep = tmp_path / ("d" * 100)
    deep.mkdir()

    with pytest.raises(OSError, match="too long"):
        listen(PluginSettings(socket_folder=str(deep)))
    assert list(deep.iterdir()) == []


def test_tcp() -> None:
    """Without unix sockets a port of the loopback interface is used."""
    with listen(PluginSettings(), unix=False) as listener:
        host, _, port = listener.address.location.partition(":")

        assert listener.address.network == "tcp"
        assert host == "127.0.0.1"
        assert int(port) > 0


def test_tcp_ports() -> None:
    """The first free port of Terraform's range is used, and a range without one is an error."""
    with listen(PluginSettings(), unix=False) as other:
        taken = int(other.address.location.partition(":")[2])
        with pytest.raises(OSError, match="no free port"):
            listen(PluginSettings(min_port=taken, max_port=taken), unix=False)
