"""The `flowbridge` command."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from flow_emulator.emulator_file.clock import read_clock, set_clock
from provider_shim.cli.address import package_version, terraform_version_of, this_platform
from provider_shim.cli.app import commands, main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run `flowbridge <arguments>` and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["flowbridge", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_version_is_the_installed_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`flowbridge version` prints the version and nothing else."""
    assert run(monkeypatch, "version") == 0
    assert capsys.readouterr().out == f"{package_version()}\n"


def test_readme_lists_every_command() -> None:
    """README's table has each command once."""
    app = commands()
    names = [each.callback.__name__ for each in app.registered_commands if each.callback is not None]
    names += [each.name for each in app.registered_groups if each.name is not None]
    readme = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")

    assert sorted(re.findall(r"^\| `flowbridge (\w+)", readme, re.MULTILINE)) == sorted(names)


def test_install_prints_what_to_paste(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`flowbridge install` prints the files, the `required_providers` block and the CLI configuration."""
    assert (
        run(monkeypatch, "install", "--mirror", str(tmp_path), "--address", "reg.example.com/data/adobe") == 0
    )

    version = terraform_version_of(package_version())
    launcher = (
        tmp_path
        / f"reg.example.com/data/adobe/{version}/{this_platform()}/terraform-provider-adobe_v{version}"
    )
    out = capsys.readouterr().out
    assert launcher.is_file()
    assert f"Wrote {launcher}\n" in out
    assert '    adobe = {\n      source  = "reg.example.com/data/adobe"\n' in out
    assert f'    path    = "{tmp_path}"\n    include = ["reg.example.com/*/*"]\n' in out


def test_install_uses_the_default_mirror(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Without `--mirror` the provider is installed into Terraform's default mirror."""
    monkeypatch.setenv("HOME", str(tmp_path))

    assert run(monkeypatch, "install") == 0
    assert len(list((tmp_path / ".terraform.d/plugins/terraform.local/flowbridge/aep").iterdir())) == 2
    assert "TF_CLI_CONFIG_FILE" not in capsys.readouterr().out


def test_an_invalid_address_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An invalid argument exits with 2 and one line on stderr, and writes nothing."""
    assert run(monkeypatch, "install", "--mirror", str(tmp_path), "--address", "aep") == 2

    err = capsys.readouterr().err
    assert err.startswith("flowbridge: 'aep' is not a source address")
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_missing_python_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`--python` with a missing program exits with 1, and writes nothing."""
    assert run(monkeypatch, "install", "--mirror", str(tmp_path), "--python", str(tmp_path / "python")) == 1

    err = capsys.readouterr().err
    assert err.startswith(f"flowbridge: {tmp_path / 'python'} is not an executable program")
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_clock_of_a_missing_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A state file that does not exist is an error and not created."""
    assert run(monkeypatch, "emulator", "clock", str(tmp_path / "none.sqlite")) == 1
    assert capsys.readouterr().err.startswith(f"flowbridge: {tmp_path / 'none.sqlite'} does not exist")
    assert not list(tmp_path.iterdir())


def test_a_file_of_something_else_has_no_clock(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file that isn't an emulator's is an error and not changed."""
    (tmp_path / "notes.txt").write_text("no database at all")

    assert run(monkeypatch, "emulator", "clock", str(tmp_path / "notes.txt"), "+1d") == 1
    err = capsys.readouterr().err
    assert err.startswith(f"flowbridge: The emulator cannot use {tmp_path / 'notes.txt'}")
    assert err.count("\n") == 1
    assert (tmp_path / "notes.txt").read_text() == "no database at all"


def test_an_unknown_command_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown command exits with 2 and mentions the help."""
    assert run(monkeypatch, "instal") == 2
    assert "flowbridge --help" in capsys.readouterr().err


def test_the_clock_is_set_by_time_and_by_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A time sets the clock, a step advances it, and without an argument it is shown."""
    file = tmp_path / "flow-service.sqlite"
    set_clock(file, "2031-01-01T00:00:00Z")

    assert run(monkeypatch, "emulator", "clock", str(file), "2031-01-02T00:00:00Z") == 0
    assert run(monkeypatch, "emulator", "clock", str(file), "+36h") == 0
    assert run(monkeypatch, "emulator", "clock", str(file)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2031-01-02T00:00:00Z (set)",
        "2031-01-03T12:00:00Z (set)",
        "2031-01-03T12:00:00Z (set)",
    ]


@pytest.mark.parametrize("text", ["tomorrow", "+1w", "2031-01-02", "+99999999999d"])
def test_an_invalid_time_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    """An invalid time exits with 2 and does not change the clock."""
    file = tmp_path / "flow-service.sqlite"
    before = set_clock(file, "2031-01-01T00:00:00Z")

    assert run(monkeypatch, "emulator", "clock", str(file), text) == 2
    assert capsys.readouterr().err.startswith(f"flowbridge: {text!r} is not a time")
    assert read_clock(file) == before


def test_the_doctor_reports_a_missing_provider_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """If nothing is installed, one line has the command that installs it, and nothing is started."""
    monkeypatch.setattr("provider_shim.cli.doctor.check_terraform", lambda: "1.11.4")

    assert run(monkeypatch, "doctor", "--mirror", str(tmp_path)) != 0

    out = capsys.readouterr().out
    assert [line.split()[1] for line in out.splitlines() if line.startswith("--")] == ["mirror"]
    assert "run `flowbridge install`" in out
    assert "provider  " not in out
