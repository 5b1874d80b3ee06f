"""Files of older emulators: they are brought up to date and keep everything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from flow_emulator.behaviour.configuration import Configuration, configure
from flow_emulator.emulator_file.clock import read_clock, set_clock
from flow_emulator.store import Store
from flow_emulator.store.migrations import MIGRATIONS
from tests.unit.flow_emulator.session import Session, base_body, code

NewSession = Callable[..., Session]
VERSION_1 = Path(__file__).with_name("version_1.sql")
FLOW = "831ebb1f-b62e-497d-9769-1d109342f2a7"
GOING = "35fbb974-b3ca-4e9e-8e52-4430e2c5fab2"


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """A file as the emulator's first version wrote it."""
    file = tmp_path / "emulator.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript(VERSION_1.read_text(encoding="utf-8"))
    connection.close()
    return file


def tables(file: Path) -> dict[str, list[str]]:
    """The columns of each table of a file."""
    connection = sqlite3.connect(file)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: [column[1] for column in connection.execute(f"PRAGMA table_info({name})")]
            for (name,) in names
        }
    finally:
        connection.close()


def test_an_old_file_is_what_it_says(old_file: Path) -> None:
    """The kept file has the first version's tables and nothing of later ones."""
    assert set(tables(old_file)) == {
        *("counter", "entity", "reference", "request", "setting", "sqlite_sequence", "token"),
    }
    assert "passes_at" not in tables(old_file)["entity"]


def test_an_old_file_becomes_like_a_new_one(old_file: Path, tmp_path: Path) -> None:
    """After it was opened once an old file has the tables and columns of a new one, and its version."""
    Store(old_file).close()
    new = tmp_path / "new.sqlite"
    Store(new).close()
    old_tables, new_tables = tables(old_file), tables(new)
    for each in (old_tables, new_tables):
        each.pop("sqlite_stat1", None)
    assert old_tables == new_tables
    connection = sqlite3.connect(old_file)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    connection.close()


def test_an_old_file_goes_on(new_session: NewSession, old_file: Path) -> None:
    """Objects, runs, clock, log and a deletion that was under way: all are there, and the flow goes on."""
    session = new_session(None, store=Store(old_file))
    assert read_clock(old_file).text == "2030-03-18T00:30:00Z"
    flow = session.item(f"/flows/{FLOW}")
    assert (flow["name"], flow["state"], flow["scheduleParams"]["interval"]) == ("orders", "enabled", 3)
    assert [run["state"] for run in session.get("/runs").json()["items"]] == ["success"] * 3
    log = session.raw("GET", "/_emulator/requests").json()["items"]
    assert log[0]["path"] == "/ims/token/v3"
    assert session.item(f"/connections/{GOING}")["state"] == "delete-finalizing"
    assert code(session.get(f"/connections/{GOING}")) == "1439-404"

    set_clock(old_file, "2030-03-18T03:00:00Z")
    session.headers = session.login(session.identities[0])
    assert len(session.get("/runs").json()["items"]) == 4
    session.make("connections", base_body())
    assert configure(old_file) == Configuration()


def test_each_step_is_taken_by_one_of_several(old_file: Path) -> None:
    """Openers that come together migrate once: none fails, and all see the same."""
    stores = [Store(old_file) for _ in range(4)]
    for store in stores:
        with store.transaction() as tx:
            assert tx.entities.count("flows", "EMULATOR0000000000000000@AdobeOrg", "prod") == 1
        store.close()
