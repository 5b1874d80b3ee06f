"""Socket folders of killed processes are removed by the next start, and those of live ones never."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from provider_shim.protocol.plugin.handshake import PluginSettings
from provider_shim.protocol.plugin.listener import Listener, listen
from provider_shim.protocol.plugin.stale_sockets import remove_stale

HOUR = 3600


@pytest.fixture
def parent() -> Iterator[Path]:
    """A folder whose name is short enough for sockets in it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def opened(parent: Path) -> tuple[Listener, Path]:
    """A listener, and its folder."""
    listener = listen(PluginSettings(socket_folder=str(parent)))
    return listener, Path(listener.address.location).parent


def killed(parent: Path) -> Path:
    """A folder whose process has ended without removing it."""
    listener, folder = opened(parent)
    listener.socket.close()
    return folder


def later(folder: Path) -> float:
    """A time at which the folder is an hour old."""
    return folder.stat().st_mtime + HOUR


def test_the_folder_of_a_killed_process_is_removed(parent: Path) -> None:
    """Nothing is left of a process whose socket refuses connections, or that was killed before it had one."""
    folder = killed(parent)
    empty = parent / "flowbridge-0123456789abcdef"
    empty.mkdir(0o700)

    assert remove_stale(str(parent), later(folder)) == 2
    assert list(parent.iterdir()) == []


def test_the_folder_of_a_live_process_is_left(parent: Path) -> None:
    """A process that listens keeps its socket, however old it is and however full its backlog."""
    listener, folder = opened(parent)
    clients = []
    for _ in range(40):
        client = socket.socket(socket.AF_UNIX)
        client.setblocking(False)
        client.connect_ex(listener.address.location)
        clients.append(client)

    assert remove_stale(str(parent), later(folder)) == 0
    assert Path(listener.address.location).is_socket()
    for client in clients:
        client.close()
    listener.close()


def test_the_folder_of_a_starting_process_is_left(parent: Path) -> None:
    """Between the folder, its socket and its listening there are moments in which connections are refused."""
    folder = killed(parent)

    assert remove_stale(str(parent), folder.stat().st_mtime + 60) == 0
    assert folder.exists()


def test_what_is_not_the_provider_s_is_left(parent: Path) -> None:
    """Other names, other contents, files and links stay, whatever their age."""
    target = killed(parent)
    other = parent / "other"
    target.rename(other)
    (parent / "flowbridge-0000000000000001").symlink_to(other)
    (parent / "flowbridge-0000000000000002").write_text("a file")
    (parent / "flowbridge-short").mkdir()
    (parent / "flowbridge-0000000000000003").mkdir()
    (parent / "flowbridge-0000000000000003" / "s").write_text("no socket")
    with_more = killed(parent)
    (with_more / "more").write_text("")
    before = sorted(parent.rglob("*"))

    assert remove_stale(str(parent), later(with_more)) == 0
    assert sorted(parent.rglob("*")) == before


def test_the_folder_of_another_user_is_left(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only folders of this user are touched."""
    folder = killed(parent)
    user = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: user + 1)

    assert remove_stale(str(parent), later(folder)) == 0


def test_one_start_removes_a_bounded_number(parent: Path) -> None:
    """A start is not delayed by thousands of folders; the next ones remove the others."""
    for number in range(60):
        (parent / f"flowbridge-{number:016x}").mkdir()
    moment = later(parent)

    assert [remove_stale(str(parent), moment) for _ in range(3)] == [50, 10, 0]


def test_a_parent_that_can_t_be_listed_is_no_error(parent: Path) -> None:
    """The start doesn't depend on the removal."""
    assert remove_stale(str(parent / "missing")) == 0
