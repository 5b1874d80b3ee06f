"""`flowbridge emulator configure` and the arguments of `flowbridge emulator clock`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flow_emulator.behaviour import configuration
from flow_emulator.behaviour.profiles import PROFILES
from flow_emulator.behaviour.switches import Behaviour, switches
from flow_emulator.emulator_file.clock import read_clock, set_clock
from flow_emulator.store import Store
from provider_shim.cli import app


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command in this process; its exit status."""
    monkeypatch.setattr(sys, "argv", ["flowbridge", "emulator", *arguments])
    with pytest.raises(SystemExit) as ended:
        app.main()
    return int(ended.value.code or 0)


def behaviour_of(file: Path) -> Behaviour:
    """How the emulator of a file behaves."""
    with Store(file) as store, store.transaction() as data:
        return configuration.read(data).behaviour


def test_a_file_is_configured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Profile and switches are stored and shown; a later switch is added, a profile resets them."""
    file = tmp_path / "flow-service.sqlite"
    arguments = [
        "--profile",
        "documented-2026",
        "--set",
        "secrets=omit",
        "--set",
        "extra_hour_intervals=8,24",
    ]
    assert run(monkeypatch, "configure", str(file), *arguments, "--seed", "7") == 0
    expected = Behaviour(
        body="bare",
        default_end_time=False,
        folder_template_key="foldernameTemplate",
        secrets="omit",
        extra_hour_intervals=(8, 24),
    )
    assert behaviour_of(file) == expected
    shown = ["profile documented-2026, seed 7", "set extra_hour_intervals=8,24", "set secrets=omit"]
    assert capsys.readouterr().out.splitlines() == shown

    assert run(monkeypatch, "configure", str(file), "--set", "secrets=echo") == 0
    assert (behaviour_of(file).secrets, behaviour_of(file).body) == ("echo", "bare")
    assert run(monkeypatch, "configure", str(file), "--profile", "strict") == 0
    assert behaviour_of(file) == Behaviour()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--profile", "wild"], "Unknown profile 'wild'. Known profiles: strict, lenient"),
        (["--set", "colour=blue"], "Unknown switch 'colour'"),
        (["--set", "secrets=loud"], "secrets is one of masked, omit, echo"),
        (["--set", "secrets"], "'secrets' is not a switch: write NAME=VALUE"),
    ],
)
def test_invalid_values_are_errors(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    message: str,
) -> None:
    """An unknown profile, switch or value exits with 2 and the known ones, and no file is created."""
    file = tmp_path / "flow-service.sqlite"
    assert run(monkeypatch, "configure", str(file), *arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"flowbridge: {message}")
    assert error.count("\n") == 1
    assert not file.exists()


def test_profiles_and_switches_are_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The list has every profile and every switch with its value in this file and its reason."""
    file = tmp_path / "flow-service.sqlite"
    assert run(monkeypatch, "configure", str(file), "--set", "secrets=omit", "--list") == 0
    out = capsys.readouterr().out
    assert "secrets=omit  (masked, omit, echo)" in out
    assert all(f"\n    {switch.reason}" in out for switch in switches())
    assert all(f"\nprofile {name}: " in out for name in PROFILES)


def test_a_file_of_something_else_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file that isn't an emulator's is an error and not changed."""
    file = tmp_path / "notes.txt"
    file.write_text("no database at all, and long enough to be looked at as if it were one by mistake")
    assert run(monkeypatch, "configure", str(file)) == 1
    assert capsys.readouterr().err.startswith(f"flowbridge: The emulator cannot use {file}")
    assert file.read_text().startswith("no database")


def test_the_clock_stops_and_resumes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A clock is set, advanced while it runs, stopped, resumed, and returned to real time."""
    file = tmp_path / "flow-service.sqlite"
    set_clock(file, "2031-01-01T00:00:00Z")

    assert run(monkeypatch, "clock", str(file), "2032-01-01T00:00:00Z", "--runs") == 0
    assert run(monkeypatch, "clock", str(file), "+1d") == 0
    assert "(set, runs)" in capsys.readouterr().out
    moved = read_clock(file)
    assert (moved.now.year, moved.now.day, moved.stands) == (2032, 2, False)
    assert run(monkeypatch, "clock", str(file), "stop") == 0
    stopped = read_clock(file)
    assert stopped.stands
    assert stopped == read_clock(file)
    assert run(monkeypatch, "clock", str(file), "run") == 0
    assert not read_clock(file).stands
    assert read_clock(file).now >= stopped.now
    assert run(monkeypatch, "clock", str(file), "real") == 0
    assert "(real time)" in capsys.readouterr().out
    assert not read_clock(file).is_set


@pytest.mark.parametrize("name", ["*", "http://flow-service.test", "flow-service.test:8391", ""])
def test_only_a_host_name_is_allowed_to_reach_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    """A pattern, a scheme or a port ends with 2 and one sentence, and no file is made."""
    file = tmp_path / "flow-service.sqlite"
    assert run(monkeypatch, "--file", str(file), "--allow-host", name) == 2
    assert f"--allow-host: {name!r} is not a host name" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["configure", "{file}", "--seed", "9" * 5000],
        ["configure", "{file}", "--seed", "9" * 30],
        ["configure", "{file}", "--seed", "NaN"],
        ["configure", "{file}", "--set", f"create_reads={'9' * 5000}"],
        ["configure", "{file}", "--set", "create_reads=Infinity"],
        ["configure", "{file}", "--set", "max_runs_per_move=-1"],
        ["fault", "{file}", "add", "createFlow latency seconds=nan"],
        ["fault", "{file}", "add", "createFlow latency seconds=1e999"],
        ["fault", "{file}", "add", f"createFlow status times={'9' * 5000}"],
        ["clock", "{file}", f"+{'9' * 5000}d"],
        ["clock", "{file}", "+99999999999999999999h"],
        ["rows", "{file}", "Orders", "generate", "--count", "9" * 30],
        ["rows", "{file}", "Orders", "generate", "--count", "1e9"],
        ["--file", "{file}", "--latency", "nan"],
        ["--file", "{file}", "--latency", "inf"],
        ["--file", "{file}", "--port", "9" * 5000],
    ],
    ids=lambda words: " ".join(words)[:50],
)
def test_numbers_without_sense_end_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str]
) -> None:
    """NaN, infinity and thousands of digits end with 2 and a message, and change nothing in the file."""
    file = tmp_path / "flow-service.sqlite"
    configuration.configure(file)
    before = read_clock(file).is_set
    assert run(monkeypatch, *(word.replace("{file}", str(file)) for word in words)) == 2
    shown = capsys.readouterr().err
    assert shown
    assert "Traceback" not in shown
    with Store(file) as store, store.transaction() as data:
        assert configuration.read(data) == configuration.Configuration()
        assert data.sql.execute("SELECT count(*) FROM fault").fetchone() == (0,)
        assert data.sql.execute("SELECT count(*) FROM batch").fetchone() == (0,)
    assert read_clock(file).is_set is before
