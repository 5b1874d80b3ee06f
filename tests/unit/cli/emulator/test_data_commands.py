"""`flowbridge emulator rows` and `flowbridge emulator export-folder`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flow_emulator.emulator_file.clock import set_clock
from flow_emulator.exports.parquet import INSTALL
from provider_shim.cli.app import main

Typed = Callable[..., tuple[int, str]]
DATASET = "5ef3e3259ad2a1191ab7dd7d"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A state file of an emulator with a stopped clock."""
    path = tmp_path / "flow-service.sqlite"
    set_clock(path, "2031-01-01T00:00:00Z")
    return path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Run `flowbridge emulator <arguments>`. Returns the exit code and the output."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["flowbridge", "emulator", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.err or printed.out

    return run


def test_rows_are_added_shown_and_cleared(typed: Typed, file: Path, tmp_path: Path) -> None:
    """Rows come from files or are generated, with a time; each command prints the number of rows."""
    assert typed("export-folder", file, tmp_path / "out")[0] == 0
    source = tmp_path / "orders.ndjson"
    source.write_text('{"n": 1}\n{"n": 2}\n')

    assert typed("rows", file, DATASET) == (0, f"{DATASET}: 0 rows in 0 batches.\n")
    newest = "the newest arrived at 2031-01-01T00:00:00Z"
    assert typed("rows", file, DATASET, "add", source, source) == (
        0,
        f"{DATASET}: 4 rows in 2 batches, {newest}.\n",
    )
    generated = typed(
        "rows", file, DATASET, "generate", "--count", "5", "--seed", "3", "--at", "2030-12-31T23:00:00Z"
    )
    assert generated == (0, f"{DATASET}: 9 rows in 3 batches, the newest arrived at 2030-12-31T23:00:00Z.\n")
    assert typed("rows", file, DATASET, "clear") == (0, f"{DATASET}: 0 rows in 0 batches.\n")


def test_rows_without_an_export_folder(typed: Typed, file: Path) -> None:
    """Without an export folder the output has the command that sets it."""
    code, printed = typed("rows", file, "Orders", "generate", "--count", "1")
    assert code == 0
    assert printed.startswith("64b7e8acdd522e6190ac9567: 1 rows in 1 batch")
    assert f"flowbridge emulator export-folder {file} DIR" in printed


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (("Oders", "show"), 1, "'Oders' is neither an id"),
        ((DATASET, "add"), 2, "`add` needs files"),
        ((DATASET, "show", "a.json"), 2, "the other actions take none"),
        ((DATASET, "add", "no-such-file.json"), 1, "no-such-file.json: No such file"),
        ((DATASET, "add", "no-such-file.csv"), 1, "must end in .parquet"),
        ((DATASET, "generate", "--at", "tomorrow"), 2, "'tomorrow' is no RFC 3339 time"),
    ],
)
def test_invalid_arguments_are_errors(
    typed: Typed, file: Path, arguments: tuple[str, ...], code: int, part: str
) -> None:
    """Each error has its exit code and one line that describes what is expected."""
    ended, printed = typed("rows", file, *arguments)
    assert ended == code
    assert printed.startswith("flowbridge: ")
    assert part in printed
    assert printed.count("\n") == 1


def test_no_file_is_made(typed: Typed, tmp_path: Path) -> None:
    """A state file that does not exist is an error and not created."""
    assert typed("rows", tmp_path / "none.sqlite", DATASET)[0] == 1
    assert typed("export-folder", tmp_path / "none.sqlite")[0] == 1
    assert not list(tmp_path.iterdir())


def test_all_files_or_none(typed: Typed, file: Path, tmp_path: Path) -> None:
    """If one of several files is invalid, no rows are added."""
    (tmp_path / "good.json").write_text('{"n": 1}')
    (tmp_path / "bad.json").write_text("{")
    assert typed("rows", file, DATASET, "add", tmp_path / "good.json", tmp_path / "bad.json")[0] == 1
    assert "0 rows" in typed("rows", file, DATASET)[1]


def test_parquet_without_pyarrow(
    typed: Typed, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without pyarrow the error has the command that installs it."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert typed("rows", file, DATASET, "add", tmp_path / "a.parquet") == (1, f"flowbridge: {INSTALL}\n")


def test_the_export_folder_is_shown_chosen_and_dropped(typed: Typed, tmp_path: Path) -> None:
    """The folder is created and stored as an absolute path; --none removes it; a file is an error."""
    file = tmp_path / "new.sqlite"
    (tmp_path / "taken").write_text("")
    folder = tmp_path / "a/b"
    assert typed("export-folder", file, folder) == (0, f"Runs write their files to {folder}.\n")
    assert folder.is_dir()
    assert typed("export-folder", file) == (0, f"Runs write their files to {folder}.\n")
    assert typed("export-folder", file, folder, "--none")[0] == 2
    assert typed("export-folder", file, "--none") == (0, "Runs write no files.\n")
    code, printed = typed("export-folder", file, tmp_path / "taken")
    assert code == 1
    assert printed.startswith(f"flowbridge: {tmp_path / 'taken'}: ")
