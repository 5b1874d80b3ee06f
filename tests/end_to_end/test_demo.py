"""`make demo`, the first thing that a newcomer sees."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tools.demo import APP, Demo

pytestmark = pytest.mark.slow


def live_entities(file: Path) -> int:
    """How many connections and flows an emulator's file holds."""
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT count(*) FROM entity WHERE collection != 'runs'").fetchone()[0])


def test_the_demo_creates_runs_and_destroys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each flow of the example is created, a second deploy changes nothing, each runs; all is destroyed."""
    exports = APP.joinpath("main.py").read_text(encoding="utf-8").count("self.export(")
    demo = Demo(tmp_path / "demo")
    demo.run()

    out = capsys.readouterr().out
    assert exports > 1
    assert len(re.findall(r"^  \w+_flow_id +[0-9a-f-]{36}$", out, re.MULTILINE)) == exports
    runs = re.findall(r"^  \w+_flow_id +\d+ runs, the first at \S+: success$", out, re.MULTILINE)
    assert len(runs) == exports
    assert "No changes. Your infrastructure matches the configuration." in out
    assert "make demo-destroy" in out
    assert live_entities(demo.bench.emulator_file) == 4 * exports

    demo.destroy()

    assert f"{4 * exports} destroyed" in capsys.readouterr().out
    assert live_entities(demo.bench.emulator_file) == 0
