"""`flowbridge delete`."""

from __future__ import annotations

import io
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from flow_emulator.emulator_file import faults
from flow_emulator.store import Store
from tests.unit.cli.objects.conftest import Run

UNUSED = "d0c1b2a3-9e8f-4d7c-a6b5-c4d3e2f1a004"


class Terminal(io.StringIO):
    """A terminal at which a user types an answer."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def stored_ids(file: Path) -> set[str]:
    """The ids of all objects in the emulator."""
    with Store(file) as store, store.reading() as data:
        return {entity.id for entity in data.entities.everything()}


def change(file: Path, statement: str, *values: str) -> None:
    """Change the emulator's file by hand."""
    with closing(sqlite3.connect(file)) as database, database:
        assert database.execute(statement, values).rowcount == 1


def test_an_export_is_deleted_from_the_flow_down(
    flowbridge: Run, ids: dict[str, str], emulator_file: Path
) -> None:
    """Each object is shown, deleted, and gone when the command ends; other objects are kept."""
    for layer in ("flow", "target", "source", "base"):
        done = flowbridge("delete", "--yes", ids[f"{layer} 1"])
        assert done.code == 0, done.err
        assert f"Name:       {layer} 1\n" in done.out
        assert "Created by: flowbridge-emulator\n" in done.out
        assert f'"{layer} 1" ({ids[f"{layer} 1"]}).\n' in done.out.splitlines(keepends=True)[-1]

    assert stored_ids(emulator_file) == {ids[name] for name in ids if name.endswith("2")}


def test_what_is_in_use_is_kept(flowbridge: Run, ids: dict[str, str], emulator_file: Path) -> None:
    """An object that a flow or a target connection uses is refused, with the names of its users."""
    for layer in ("target", "source", "base"):
        done = flowbridge("delete", "--yes", ids[f"{layer} 1"])
        assert done.code == 1
        assert f'in use by the flow "flow 1" ({ids["flow 1"]})' in done.err
        assert "flow 2" not in done.err
    assert f'the target connection "target 1" ({ids["target 1"]})' in done.err
    flowbridge("delete", "--yes", ids["flow 1"])
    done = flowbridge("delete", "--yes", ids["base 1"])

    assert done.code == 1
    assert 'in use by the target connection "target 1"' in done.err
    assert stored_ids(emulator_file) == {*ids.values()} - {ids["flow 1"]}


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("y", 1), ("", 1), ("no", 1)])
def test_only_yes_deletes(
    flowbridge: Run,
    ids: dict[str, str],
    emulator_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
) -> None:
    """On a terminal the object is shown, and deleted only if the answer is `yes`."""
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    done = flowbridge("delete", ids["flow 1"])

    assert done.code == code
    assert f"terraform state list -id={ids['flow 1']}" in done.out
    assert (ids["flow 1"] in stored_ids(emulator_file)) == (code == 1)


def test_a_script_needs_the_option(flowbridge: Run, ids: dict[str, str], emulator_file: Path) -> None:
    """Without a terminal nothing is deleted unless `--yes` is given."""
    done = flowbridge("delete", ids["flow 1"])

    assert done.code == 2
    assert "--yes" in done.err
    assert stored_ids(emulator_file) == {*ids.values()}


def test_objects_of_other_clients_need_an_option(
    flowbridge: Run, ids: dict[str, str], emulator_file: Path
) -> None:
    """An object that another client created is deleted with `--any-client` only."""
    by_hand = "UPDATE entity SET meta = json_set(meta, '$.createdBy', 'web page') WHERE id = ?"
    change(emulator_file, by_hand, ids["flow 1"])
    done = flowbridge("delete", "--yes", ids["flow 1"])

    assert done.code == 1
    assert "was created by the client web page" in done.err
    assert ids["flow 1"] in stored_ids(emulator_file)
    assert flowbridge("delete", "--yes", "--any-client", ids["flow 1"]).code == 0
    assert ids["flow 1"] not in stored_ids(emulator_file)


def test_objects_of_other_purposes_are_kept(
    flowbridge: Run, ids: dict[str, str], emulator_file: Path
) -> None:
    """A flow that is no dataset export is refused, with any option."""
    audience = "UPDATE entity SET doc = json_set(doc, '$.flowSpec.id', 'audiences') WHERE id = ?"
    change(emulator_file, audience, ids["flow 1"])
    done = flowbridge("delete", "--yes", "--any-client", ids["flow 1"])

    assert done.code == 1
    assert "does not belong to a dataset export" in done.err
    assert ids["flow 1"] in stored_ids(emulator_file)


@pytest.mark.parametrize(("identifier", "code"), [(UNUSED, 1), ("orders", 2), ("", 2), ("../flows", 2)])
def test_unknown_ids(flowbridge: Run, identifier: str, code: int) -> None:
    """An id of no object ends with 1, and a text that is no id with 2."""
    done = flowbridge("delete", "--yes", identifier)

    assert done.code == code
    assert identifier in done.err


def test_a_failed_deletion(flowbridge: Run, ids: dict[str, str], emulator_file: Path) -> None:
    """If Flow Service rejects the request, the exit code is 1 and the error has its code."""
    faults.add(emulator_file, faults.read(["deleteFlow status status=403 code=1426"]))
    done = flowbridge("delete", "--yes", ids["flow 1"])

    assert done.code == 1
    assert "Missing permission" in done.err
    assert "Deleted" not in done.out


def test_a_deletion_that_does_not_end(
    flowbridge: Run, ids: dict[str, str], emulator_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait for the end of a deletion is bounded."""
    monkeypatch.setattr("provider_shim.cli.objects.delete._TIMEOUT", 0.05)
    faults.add(emulator_file, faults.read(["deleteFlow latency seconds=60 when=after"]))
    done = flowbridge("delete", "--yes", ids["flow 1"])

    assert done.code == 1
    assert "Run the command again to wait longer" in done.err
