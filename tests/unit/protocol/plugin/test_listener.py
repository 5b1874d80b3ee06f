"""The listening socket."""

from __future__ import annotations

import errno
import os
import socket
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from provider_shim.protocol.plugin.handshake import HandshakeError, PluginSettings
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


def long_folder(parent: Path) -> str:
    """Make a folder whose path is too long for a socket."""
    folder = parent / ("d" * 100)
    folder.mkdir()
    return str(folder)


def test_a_folder_that_is_too_long_is_replaced_by_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The socket is in the short folder, and nothing is left in either."""
    folder = long_folder(tmp_path)
    with TemporaryDirectory(prefix="s", dir="/tmp") as short:
        monkeypatch.setenv("TMPDIR", folder)
        for settings in (PluginSettings(socket_folder=folder), PluginSettings()):
            with listen(settings, short_folder=short) as listener, socket.socket(socket.AF_UNIX) as client:
                client.connect(listener.address.location)
                assert Path(listener.address.location).parent.parent == Path(short)
            assert os.listdir(folder) == os.listdir(short) == []


def test_every_path_within_the_limit_is_used() -> None:
    """The longest folder that is not replaced has room for a socket."""
    with TemporaryDirectory(prefix="s", dir="/tmp") as short:
        for length in range(60, 90):
            folder = Path(short, "d" * (length - len(short) - 1))
            folder.mkdir()
            with listen(PluginSettings(socket_folder=str(folder)), short_folder=short) as listener:
                path = Path(listener.address.location)
                assert path.is_socket()
                assert path.parent.parent == (folder if length <= 73 else Path(short))


def test_without_any_short_folder_a_port_is_used(tmp_path: Path) -> None:
    """A port is used only with TLS, because other users of this machine can connect to it."""
    folder, missing = long_folder(tmp_path), str(tmp_path / "missing")
    settings = PluginSettings(socket_folder=folder, client_certificate="a certificate")
    with listen(settings, short_folder=missing) as listener:
        assert listener.address.network == "tcp"

    with pytest.raises(HandshakeError, match="No such file or directory"):
        listen(PluginSettings(socket_folder=folder), short_folder=missing)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("No such file or directory", errno.ENOENT),
        ("No space left on device", errno.ENOSPC),
        ("Read-only file system", errno.EROFS),
        ("Permission denied", errno.EACCES),
    ],
)
@pytest.mark.parametrize("step", ["mkdir", "bind"])
def test_an_unusable_folder_is_one_sentence_that_names_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, reason: str, code: int
) -> None:
    """The error has the folder, its variable, the reason and what to do, and nothing is left behind."""

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    if step == "mkdir":
        monkeypatch.setattr(os, "mkdir", fail)
    else:
        monkeypatch.setattr(socket, "socket", type("Socket", (socket.socket,), {"bind": fail}))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for settings, variable in (
        (PluginSettings(socket_folder=str(tmp_path)), "PLUGIN_UNIX_SOCKET_DIR"),
        (PluginSettings(), "TMPDIR"),
    ):
        with pytest.raises(HandshakeError) as caught:
            listen(settings)
        assert str(caught.value) == (
            f"The provider can't create its socket in the folder {tmp_path} of the environment variable "
            f"{variable}: {reason}. Set {variable} to an existing folder in which this user can create files."
        )
        assert os.listdir(tmp_path) == []


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
        with pytest.raises(HandshakeError, match=rf"no port from {taken} to {taken} is free"):
            listen(PluginSettings(min_port=taken, max_port=taken), unix=False)
