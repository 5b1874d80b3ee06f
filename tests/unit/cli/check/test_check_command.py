"""`flowbridge check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from provider_shim.cli.check import hcl_reader
from tests.unit.cli.test_commands import run

MISTAKE = 'resource "aep_base_connection" "lake" {\n  azure_blob = { conection_string = var.secret }\n}\n'


def test_a_mistyped_key_is_reported_with_file_line_and_suggestion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The current folder is checked; the exit code is 1."""
    (tmp_path / "main.tf").write_text(MISTAKE)
    monkeypatch.chdir(tmp_path)

    assert run(monkeypatch, "check") == 1
    assert capsys.readouterr().out == (
        'main.tf:2: aep_base_connection.lake: azure_blob has no key "conection_string"; did you mean '
        '"connection_string"?\n'
        "Checked 1 block of the provider in 1 file: 1 unknown key.\n"
    )


def test_the_summary_counts_what_was_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without unknown keys the exit code is 0, and values that are not checked are listed."""
    (tmp_path / "main.tf").write_text('resource "aep_flow" "f" {\n  schedule = var.schedule\n}\n')
    (tmp_path / "empty.tf").write_text("")

    assert run(monkeypatch, "check", str(tmp_path)) == 0
    assert capsys.readouterr().out == (
        f"{tmp_path}/main.tf:2: aep_flow.f: schedule: not checked: its value is var.schedule\n"
        "Checked 1 block of the provider in 2 files: no unknown keys, 1 value not checked.\n"
    )


def test_json_has_all_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--json` prints one document."""
    (tmp_path / "main.tf").write_text(MISTAKE + 'resource "aep_flow" "f" {\n  schedule = var.schedule\n}\n')
    (tmp_path / "x.tf.json").write_text("{")

    assert run(monkeypatch, "check", str(tmp_path), "--json") == 1
    document = json.loads(capsys.readouterr().out)
    place = {"file": f"{tmp_path}/main.tf", "line": 2}
    assert document["unknown_keys"] == [
        place
        | {
            "address": "aep_base_connection.lake",
            "path": "azure_blob",
            "key": "conection_string",
            "suggestion": "connection_string",
        }
    ]
    assert document["not_checked"] == [
        {
            "file": f"{tmp_path}/main.tf",
            "line": 5,
            "address": "aep_flow.f",
            "path": "schedule",
            "reason": "its value is var.schedule",
        }
    ]
    assert [each["line"] for each in document["unreadable"]] == [1]
    assert (document["blocks"], document["files"]) == (2, 2)


def test_an_unreadable_file_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Invalid HCL is one line with file and line."""
    (tmp_path / "main.tf").write_text('provider "aep" {\n  endpoint = = 1\n}\n')

    assert run(monkeypatch, "check", str(tmp_path)) == 2
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/main.tf:2: not readable: python-hcl2 can't read this. `terraform validate` describes "
        "the error, if it is one.",
        "Checked 0 blocks of the provider in 1 file: no unknown keys, 1 file not readable.",
    ]


@pytest.mark.parametrize(
    ("folder", "sentence"), [("none", "is not a folder."), ("", "has no Terraform configuration.")]
)
def test_a_folder_without_a_configuration_exits_with_2(
    folder: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong folder is one line on stderr."""
    assert run(monkeypatch, "check", str(tmp_path / folder)) == 2
    assert capsys.readouterr().err == f"flowbridge: {tmp_path / folder} {sentence}\n"


def test_a_missing_package_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without python-hcl2, HCL ends in the command that installs it; JSON is checked."""
    monkeypatch.setitem(sys.modules, "hcl2", None)
    hcl_reader._parser.cache_clear()
    (tmp_path / "x.tf.json").write_text('{"resource": {"aep_flow": {"f": {"schedule": {"x": 1}}}}}')
    assert run(monkeypatch, "check", str(tmp_path)) == 1

    (tmp_path / "main.tf").write_text(MISTAKE)
    capsys.readouterr()
    assert run(monkeypatch, "check", str(tmp_path)) == 2
    assert capsys.readouterr().err == (
        "flowbridge: Reading *.tf files needs python-hcl2: run `pip install 'aep-flowbridge[check]'`.\n"
    )
    hcl_reader._parser.cache_clear()


def test_characters_that_control_a_terminal_are_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key can't change the terminal."""
    body = {"resource": {"aep_flow": {"f\x1b[2J": {"schedule": {"\x1b[31m": 1}}}}}
    (tmp_path / "x.tf.json").write_text(json.dumps(body))

    assert run(monkeypatch, "check", str(tmp_path)) == 1
    assert "\x1b" not in capsys.readouterr().out
