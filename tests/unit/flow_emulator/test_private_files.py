"""What the emulator writes belongs to its owner only, whatever the umask is."""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flow_emulator import private_files
from flow_emulator.behaviour.configuration import configure
from flow_emulator.exports import batches, run_export
from flow_emulator.store import Store, StoreError
from tests.unit.flow_emulator.session import DATASET, Session, base_body


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """A umask, from the widest to one that takes all rights."""
    before = os.umask(request.param)
    yield int(request.param)
    os.umask(before)


def mode(path: Path) -> int:
    """The rights of a file or folder."""
    return stat.S_IMODE(path.lstat().st_mode)


def test_the_file_and_its_companions_are_private(umask: int, tmp_path: Path) -> None:
    """Whoever creates it, a store or a command, the file, its log and its shared memory are 0600."""
    for name in ("a.sqlite", "b.sqlite"):
        file = tmp_path / name
        if name == "b.sqlite":
            configure(file, "lenient")
        with Store(file) as store, store.transaction() as tx:
            tx.set_setting("salt", "x")
            found = {each.name: mode(each) for each in tmp_path.iterdir() if each.name.startswith(name)}
        assert found == {name: 0o600, f"{name}-wal": 0o600, f"{name}-shm": 0o600}, oct(umask)


def test_what_a_run_writes_is_private(
    umask: int, tmp_path: Path, new_session: Callable[..., Session]
) -> None:
    """Export folder, folders below it, files and manifests are for their owner only."""
    session = new_session()
    root = tmp_path / "new" / "exports"
    with session.store.transaction() as tx:
        run_export.set_folder(tx, root)
        batches.add_rows(tx, DATASET, [{"n": 1}], 1)
    session.make_export()
    session.set_clock("2030-03-18T00:00:00Z")
    everything = [root.parent, root, *root.rglob("*")]
    assert any(each.is_file() for each in everything)
    for each in everything:
        assert mode(each) == (0o700 if each.is_dir() else 0o600), (each, oct(umask))


def test_a_folder_of_the_user_stays_as_it_is(tmp_path: Path, new_session: Callable[..., Session]) -> None:
    """An export folder that exists may be shared on purpose, so its rights are not changed."""
    tmp_path.chmod(0o755)
    with new_session().store.transaction() as tx:
        run_export.set_folder(tx, tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_wider_file_is_narrowed(tmp_path: Path, new_session: Callable[..., Session]) -> None:
    """A file that an earlier version made for everyone is narrowed when it is opened, with its companions."""
    file = tmp_path / "emulator.sqlite"
    with Store(file) as store, store.transaction() as tx:
        tx.set_setting("salt", "x")
        for each in tmp_path.iterdir():
            each.chmod(0o666)
    file.chmod(0o664)
    session = new_session(store=Store(file))
    session.make("connections", base_body())
    assert {mode(each) for each in tmp_path.iterdir()} == {0o600}


def test_a_file_of_another_program_is_not_touched(tmp_path: Path) -> None:
    """The rights of a file that is refused stay as they are."""
    file = tmp_path / "notes.txt"
    file.write_text("not a database" * 100)
    file.chmod(0o644)
    with pytest.raises(StoreError):
        Store(file)
    assert (mode(file), file.read_text()) == (0o644, "not a database" * 100)


def test_rights_that_cannot_be_narrowed_are_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A file of another user works, and a warning in the log names it."""
    file = tmp_path / "emulator.sqlite"
    Store(file).close()
    file.chmod(0o644)

    def refuse(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    with caplog.at_level(logging.WARNING), Store(file) as store, store.transaction() as tx:
        assert tx.next_number() == 1
    assert (
        f"Others can read {file}, and its rights cannot be changed: Operation not permitted." in caplog.text
    )


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """What a link in the export folder points to is not written."""
    outside, inside = tmp_path / "precious", tmp_path / "link"
    outside.write_text("precious")
    inside.symlink_to(outside)
    private_files.write_file(inside, b"exported")
    assert (outside.read_text(), inside.read_bytes(), inside.is_symlink()) == ("precious", b"exported", False)


def test_several_threads_create_one_file(tmp_path: Path) -> None:
    """Threads that open a new file at once all write it, and none loses its lock to another's creation."""
    file, count = tmp_path / "emulator.sqlite", 8
    barrier = threading.Barrier(count)
    numbers: list[int] = []

    def work() -> None:
        barrier.wait()
        with Store(file) as store:
            for _ in range(5):
                with store.transaction() as tx:
                    numbers.append(tx.next_number())

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 5 * count + 1))
    assert mode(file) == 0o600
