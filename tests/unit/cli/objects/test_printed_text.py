"""What the commands print controls no terminal, whoever wrote it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from provider_shim.cli.command_error import CommandError, visible
from tests.unit.cli.objects.conftest import Run

CLEAR = "\x1b[2J\x9b1A\u202e"


def state(path: Path, name: str = "x", **attributes: str) -> Path:
    """Write a state with a flow of these attributes."""
    resource = {
        "mode": "managed",
        "type": "aep_flow",
        "name": name,
        "instances": [{"attributes": attributes}],
    }
    path.write_text(json.dumps({"version": 4, "resources": [resource]}))
    return path


def assert_harmless(text: str) -> None:
    """Fail if a text has a character that controls a terminal, or none that shows that there was one."""
    assert [each for each in text if not each.isprintable() and each != "\n"] == []
    assert "\\x1b[2J" in text


def test_a_state_of_a_stranger_controls_no_terminal(
    flowbridge: Run, ids: dict[str, str], tmp_path: Path
) -> None:
    """Names in a state are shown with escapes, in errors and in notes."""
    ours = state(tmp_path / "ours", id=ids["flow 1"])
    foreign = state(tmp_path / "foreign", id="another", sandbox_name=CLEAR)

    assert_harmless(flowbridge("orphans", "--state", state(tmp_path / "bad", name=CLEAR)).err)
    assert_harmless(flowbridge("orphans", "--state", ours, "--state", foreign).err)


def test_an_object_of_a_stranger_controls_no_terminal(
    flowbridge: Run, ids: dict[str, str], emulator_file: Path
) -> None:
    """What Flow Service returns of another client is shown with escapes."""
    with closing(sqlite3.connect(emulator_file)) as database, database:
        changed = database.execute(
            "UPDATE entity SET meta = replace(meta, 'flowbridge-emulator', ?) WHERE id = ?",
            (json.dumps(CLEAR)[1:-1], ids["flow 1"]),
        )
        assert changed.rowcount == 1
    done = flowbridge("delete", "--yes", ids["flow 1"])

    assert done.code == 1
    assert_harmless(done.out)
    assert_harmless(done.err)


@pytest.mark.parametrize("command", [("orphans", "--state"), ("install", "--python"), ("doctor", "--mirror")])
def test_a_path_of_a_script_controls_no_terminal(flowbridge: Run, command: tuple[str, str]) -> None:
    """A path that a script passes on is shown with escapes."""
    done = flowbridge(*command, f"/nowhere/{CLEAR}")

    assert_harmless(done.out + done.err)


def test_ordinary_text_stays() -> None:
    """Letters of any language, quotes and line breaks are shown as they are."""
    text = "Ein Fehler: „größer“ 中文\n  second line"

    assert visible(text) == text
    assert str(CommandError(text)) == text
