"""The store: several openers of one file, versions, other programs' files."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.etags import etag
from flow_emulator.store import SORTED, Entity, Store, StoreError, database
from flow_emulator.store.migrations import MIGRATIONS
from tests.unit.flow_emulator.session import BASE, NOW, Session, base_body

NewSession = Callable[..., Session]


def test_a_file_remembers(new_session: NewSession, tmp_path: Path) -> None:
    """What one emulator wrote, tokens included, the next one on the same file has."""
    file = tmp_path / "emulator.sqlite"
    first = new_session(store=Store(file))
    made = first.make("connections", base_body(name="ünï¢ode"))
    first.store.close()
    second = new_session(store=Store(file))
    second.headers = first.headers
    assert second.item(f"/connections/{made}")["name"] == "ünï¢ode"


def test_many_openers_lose_nothing(tmp_path: Path) -> None:
    """Eight openers of one new file write fifty times each; nothing is lost, no number is doubled."""
    file = tmp_path / "emulator.sqlite"
    barrier = threading.Barrier(8)
    failures: list[Exception] = []
    numbers: list[int] = []

    def work(worker: int) -> None:
        try:
            barrier.wait()
            with Store(file) as store:
                for count in range(50):
                    with store.transaction() as tx:
                        numbers.append(tx.next_number())
                        name = f"{worker}-{count}"
                        tx.entities.insert(Entity("connections", "o", "s", name, {"name": name}))
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert sorted(numbers) == list(range(1, 401))
    with Store(file) as store, store.transaction() as tx:
        assert tx.entities.count("connections", "o", "s") == 400


def test_two_emulators_on_one_file(new_session: NewSession, tmp_path: Path) -> None:
    """Two emulators on one file see each other's writes at once, and refuse each other's stale versions."""
    file = tmp_path / "emulator.sqlite"
    one, two = new_session(store=Store(file)), new_session(store=Store(file))
    path = f"/connections/{one.make('connections', base_body())}"
    old = two.item(path)["etag"]
    rename = {"op": "replace", "path": "/name", "value": "new"}
    assert one.patch(path, rename, etag=old).status_code == 200
    assert two.patch(path, rename, etag=old).status_code == 412
    assert two.item(path)["name"] == "new"


def test_concurrent_calls_in_one_process(session: Session) -> None:
    """Requests that are in flight at the same time are all answered, each in a transaction of its own."""

    async def several(client: httpx.AsyncClient) -> list[int]:
        asked = [
            client.post(f"{BASE}/connections", json=base_body(), headers=session.headers) for _ in range(20)
        ]
        return [response.status_code for response in await asyncio.gather(*asked)]

    assert session.run(several) == [201] * 20
    assert session.get("/connections?count=true").json() == {"count": 20}


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """An exception inside a transaction undoes all of it, and the store goes on."""
    with Store(tmp_path / "emulator.sqlite") as store:
        with pytest.raises(ZeroDivisionError), store.transaction() as tx:  # noqa: PT012 - both must happen
            tx.set_setting("name", "value")
            raise ZeroDivisionError
        with store.transaction() as tx:
            assert tx.setting("name") is None


def test_other_files_are_rejected(tmp_path: Path) -> None:
    """A file of another program, no database, a folder and a newer version are refused by name, untouched."""
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = foreign.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store(foreign)
    assert foreign.read_bytes() == before

    text = tmp_path / "notes.txt"
    text.write_text("these are notes, long enough to be read as a header " * 10, encoding="utf-8")
    with pytest.raises(StoreError, match=r"notes\.txt"):
        Store(text)
    with pytest.raises(StoreError, match="it is a folder"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="its folder does not exist"):
        Store(tmp_path / "nowhere" / "emulator.sqlite")


def test_a_locked_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    """A file that another program has locked can neither be opened nor used, and nothing is written."""
    file = tmp_path / "emulator.sqlite"
    with Store(file, busy_seconds=0) as store, closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=rf"{file}: another program has locked it .*End that program"):
            write(store)
        other.execute("ROLLBACK")
        write(store)

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="another program has locked it"):
            Store(file, busy_seconds=0)


def test_a_read_only_or_full_file_is_an_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error has the reason, and the store can be used again when the reason is gone."""
    file = tmp_path / "emulator.sqlite"
    connect = sqlite3.connect
    with Store(file) as store:
        store._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match=rf"{file}: it is read-only .*Make it writable"):
            write(store)
        store._connection.execute("PRAGMA query_only = OFF")

        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match=rf"{file}: the disk is full .*Free some space"):
            write(store, "x" * 1_000_000)
        store._connection.execute(f"PRAGMA max_page_count = {pages + 10}")
        write(store)

    def read_only(path: Path, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(f"file:{path}?mode=ro", uri=True, **options)
        return connection

    old = tmp_path / "old.sqlite"
    with closing(connect(old)) as created:
        created.execute("PRAGMA user_version = 0")
        created.execute("VACUUM")
    monkeypatch.setattr(sqlite3, "connect", read_only)
    with pytest.raises(StoreError, match=rf"{old}: it is read-only"):
        Store(old)


@pytest.mark.parametrize("damage", ["header", "schema", "page"])
def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path, damage: str) -> None:
    """Whatever part is damaged, the error is the same, and names what to do."""
    file = tmp_path / "emulator.sqlite"
    with Store(file) as store:
        write(store)
    content = bytearray(file.read_bytes())
    match damage:
        case "header":
            content[0] ^= 1
        case "schema":
            start = content.index(b"CREATE TABLE setting")
            content[start : start + 6] = b"\xff\xfe\xfd\xfc\xfb\xfa"
        case "page":
            content[4096:] = bytes(byte ^ 0x55 for byte in content[4096:])
    file.write_bytes(content)
    with (
        pytest.raises(StoreError, match=rf"{file}: it is damaged.*Delete it to start anew"),
        Store(file) as store,
    ):
        write(store)


def test_damage_during_use_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    """A table that disappears, and a document that is not JSON, are found by the request that needs them."""
    file = tmp_path / "emulator.sqlite"
    with Store(file) as store:
        with store.transaction() as tx:
            tx.requests.append({"at": "now"}, 10)
        with closing(sqlite3.connect(file)) as other:
            other.execute("UPDATE request SET entry = 'no JSON'")
            other.execute("DROP TABLE setting")
            other.commit()
        with pytest.raises(StoreError, match=rf"{file}: it is damaged"), store.reading() as tx:
            tx.requests.all()
        with pytest.raises(StoreError, match=rf"{file}: it is damaged \(no such table: setting\)"):
            write(store)


def test_a_mistake_in_a_statement_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    """An error in the emulator's own use of SQLite keeps its class."""
    with (
        Store(tmp_path / "emulator.sqlite") as store,
        pytest.raises(sqlite3.IntegrityError),
        store.transaction() as tx,
    ):
        tx.sql.execute("INSERT INTO setting VALUES ('name', NULL)")


def write(store: Store, text: str = "value") -> None:
    """Write a setting in a transaction of its own, and read it."""
    with store.transaction() as tx:
        tx.set_setting("name", text)
        assert tx.setting("name") == text


def test_a_newer_file_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that a newer emulator wrote is left alone; an older one is migrated and keeps its data."""
    file = tmp_path / "emulator.sqlite"
    with Store(file) as store, store.transaction() as tx:
        tx.set_setting("name", "value")
    more = (*MIGRATIONS, ("CREATE TABLE later (x)",))
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", more)
        with Store(file) as store, store.transaction() as tx:
            assert tx.setting("name") == "value"
    with pytest.raises(StoreError, match="newer emulator"):
        Store(file)


def test_the_log_is_bounded(new_session: NewSession) -> None:
    """The request log keeps its last entries only."""
    session = new_session(Behaviour(request_log_size=3))
    for _ in range(5):
        session.get("/flows")
    assert [each["seq"] for each in session.raw("GET", "/_emulator/requests").json()["items"]] == [4, 5, 6]


@pytest.mark.rule("etag")
def test_etags_never_repeat() -> None:
    """Different writes have different etags, in Adobe's form with the quotes inside."""
    made = {etag(number, 1_700_000_000_000) for number in range(10_000)}
    assert len(made) == 10_000
    assert etag(1, 1_700_000_000_000) == '"9e3779b1-0000-0200-0000-6553f1000000"'


def test_no_request_walks_through_everything() -> None:
    """What each request asks the store for is found by an index of its own, however much is stored."""
    asked: list[str] = []
    with Store() as store, store.transaction() as tx:
        tx.sql.set_trace_callback(asked.append)
        tx.entities.due_flows(NOW)
        tx.entities.ended_transitions(NOW)
        tx.entities.get("flows", "org", "prod", "id")
        for descending in (True, False):
            list(tx.entities.scan("flows", "org", "prod", {"name": ("a",)}))
            for field in SORTED:
                order = tx.entities.scan_sorted(
                    "flows", "org", "prod", {}, field, descending=descending, after=(1, 2)
                )
                list(order)
        tx.sql.set_trace_callback(None)
        plans = [
            " ".join(str(row[3]) for row in tx.sql.execute(f"EXPLAIN QUERY PLAN {each}")) for each in asked
        ]
    assert len(plans) == 3 + 2 * (1 + len(SORTED))
    wanted = ["entity_due (due_at<", "entity_passing (passes_at<", "(collection=? AND id=?)"]
    by_field = {"name": "entity_name", "createdAt": "entity_created", "updatedAt": "entity_updated"}
    for _ in range(2):
        wanted += ["entity_name (", *(f"{by_field[field]} (" for field in SORTED)]
    for plan, part in zip(plans, wanted, strict=True):
        assert part in plan
        assert "SCAN" not in plan
