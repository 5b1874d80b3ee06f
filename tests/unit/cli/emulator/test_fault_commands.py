"""`flowbridge emulator fault`, and the options that set faults when a server is started."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from flow_emulator import serving
from flow_emulator.emulator_file import faults
from provider_shim.cli.app import main


def typed(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run `flowbridge emulator <arguments>` and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["flowbridge", "emulator", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def faults_of(file: Path) -> list[str]:
    """The faults of a file, as text."""
    return [entry.fault.as_text() for entry in faults.entries(file)]


def test_faults_are_added_listed_and_cleared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A fault is one argument or several; each command prints the faults that are set."""
    file = tmp_path / "flow-service.sqlite"
    assert typed(monkeypatch, "fault", str(file), "add", "createFlow reset when=after") == 0
    added = ("*", "status", "status=500", "message=out of luck", "nth=2,3")
    assert typed(monkeypatch, "fault", str(file), "add", *added) == 0
    capsys.readouterr()

    assert typed(monkeypatch, "fault", str(file), "list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "1: createFlow reset when=after (0 of 0 requests hit)",
        "2: * status status=500 'message=out of luck' nth=2,3 (0 of 0 requests hit)",
    ]
    assert typed(monkeypatch, "fault", str(file), "clear", "1") == 0
    assert [entry.id for entry in faults.entries(file)] == [2]
    assert typed(monkeypatch, "fault", str(file), "clear") == 0
    assert faults_of(file) == []


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (("add", "makeFlow reset"), "There is no operation 'makeFlow'", 2),
        (("add",), "is not a fault", 2),
        (("clear", "7"), "has no fault with the number 7", 2),
        (("explode",), "Invalid value", 2),
    ],
)
def test_invalid_arguments_of_fault(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    message: str,
    code: int,
) -> None:
    """An invalid fault, number or action is an error, and nothing is changed."""
    file = tmp_path / "flow-service.sqlite"
    faults.add(file, [])

    assert typed(monkeypatch, "fault", str(file), *arguments) == code
    assert message in capsys.readouterr().err
    assert faults_of(file) == []


def test_listing_makes_no_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file that does not exist is an error and not created."""
    assert typed(monkeypatch, "fault", str(tmp_path / "none"), "list") == 1
    assert "does not exist" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_server_is_started_with_faults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Options and a TOML file replace the stored faults; without them these are kept."""
    file, toml = tmp_path / "flow-service.sqlite", tmp_path / "faults.toml"
    toml.write_text('[[fault]]\noperation = "listRuns"\nkind = "status"\n')
    faults.add(file, faults.read(["* reset"]))
    served: list[Any] = []
    monkeypatch.setattr(serving, "serve", lambda *arguments, **_more: served.append(arguments))

    assert typed(monkeypatch, "--file", str(file)) == 0
    assert faults_of(file) == ["* reset"]
    given = ("--fault", "createFlow reset", "--fault", "readFlow truncate", "--latency", "0.2")
    assert typed(monkeypatch, "--file", str(file), "--faults", str(toml), *given) == 0
    assert faults_of(file) == [
        "listRuns status",
        "createFlow reset",
        "readFlow truncate",
        "* latency seconds=0.2",
    ]
    assert len(served) == 2


def test_a_server_is_not_started_with_wrong_faults(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A missing file or an invalid fault is an error before the server starts."""
    toml = tmp_path / "faults.toml"
    monkeypatch.setattr(serving, "serve", lambda *_arguments, **_more: pytest.fail("it was served"))
    options = ("--file", str(tmp_path / "flow-service.sqlite"), "--faults", str(toml))

    assert typed(monkeypatch, *options) == 1
    assert f"{toml} can't be read: No such file" in capsys.readouterr().err
    toml.write_text('[[fault]]\nkind = "explode"\n')
    assert typed(monkeypatch, *options) == 2
    assert f"{toml}: Fault 1: 'explode' is not a kind of fault" in capsys.readouterr().err
