"""Profile, switches and seed in the store: kept, used by every process, changed while in use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from flow_emulator import create_app
from flow_emulator.behaviour import configuration
from flow_emulator.behaviour.configuration import Configuration, configure
from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.emulator_file.clock import set_clock
from flow_emulator.models.context import Engine
from flow_emulator.store import CONFIGURATION, Store, StoreError
from tests.unit.flow_emulator.session import SCHEDULE, START, Session, base_body

NewSession = Callable[..., Session]
PATH = "/_emulator/behaviour"


@pytest.fixture
def stored(new_session: NewSession) -> Session:
    """A session whose behaviour is what its store says."""
    return new_session(None)


def test_a_file_keeps_how_it_behaves(new_session: NewSession, tmp_path: Path) -> None:
    """What was configured for a file rules every emulator that is made over it without a behaviour."""
    file = tmp_path / "emulator.sqlite"
    configure(file, "documented-2026", {"secrets": "omit"})
    session = new_session(None, store=Store(file))
    made = session.post("/connections", base_body()).json()["id"]
    shown = session.get(f"/connections/{made}").json()
    assert shown["id"] == made
    assert shown["auth"]["params"] == {}
    explicit = new_session(Behaviour(), store=Store(file))
    assert explicit.item(f"/connections/{made}")["auth"]["params"]


def test_it_changes_while_in_use(new_session: NewSession, tmp_path: Path) -> None:
    """A file that is configured anew behaves anew at the next request, and a reset leaves that."""
    file = tmp_path / "emulator.sqlite"
    session = new_session(None, store=Store(file))
    made = session.make("connections", base_body())
    configure(file, switches={"body": "bare"})
    assert session.get(f"/connections/{made}").json()["id"] == made
    session.raw("POST", "/_emulator/reset")
    assert configure(file) == Configuration(switches={"body": "bare"})


def test_it_is_read_and_changed_over_http(stored: Session) -> None:
    """The switches are shown with profile and reasons, and changed from the next request on."""
    shown = stored.raw("GET", PATH).json()
    assert (shown["profile"], shown["set"], shown["switches"]["body"]) == ("strict", {}, "wrapper")
    assert set(shown["profiles"]) == {"strict", "lenient", "documented-2023", "documented-2026"}
    change = {"profile": "lenient", "set": {"delete_status": 204, "extra_hour_intervals": [8]}}
    changed = stored.raw("PUT", PATH, json=change).json()
    assert changed["set"] == {"delete_status": "204", "extra_hour_intervals": "8"}
    assert changed["switches"]["enum_case"] == "any"
    assert changed["switches"]["extra_hour_intervals"] == [8]
    made = stored.make("connections", base_body())
    assert stored.delete(f"/connections/{made}").status_code == 204
    assert stored.raw("GET", PATH).json() == changed


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"profile": 5},
        {"profile": "wild"},
        {"set": []},
        {"set": {"colour": "blue"}},
        {"set": {"secrets": {"a": 1}}},
        {"set": {"delete_reads": "many"}},
        {"seed": "x"},
        {"other": 1},
    ],
)
def test_wrong_changes_are_rejected(stored: Session, body: object) -> None:
    """What is unknown or of a wrong type is refused with a sentence, and nothing changes."""
    response = stored.raw("PUT", PATH, json=body)
    assert response.status_code == 400
    assert response.json()["detail"]
    assert stored.raw("GET", PATH).json()["set"] == {}


def test_a_behaviour_of_the_program_stays(session: Session) -> None:
    """An emulator that a program made with a behaviour does not let it be changed."""
    assert session.raw("PUT", PATH, json={"profile": "lenient"}).status_code == 409
    assert session.raw("GET", PATH).json()["profile"] is None


def test_a_seed_makes_the_same_ids(new_session: NewSession) -> None:
    """Two emulators with one seed give the same ids in the same order; another seed gives others."""
    made = []
    for seed in (7, 7, 8):
        session = new_session(None)
        session.raw("PUT", PATH, json={"seed": seed})
        made.append([session.make("connections", base_body()) for _ in range(3)])
    assert made[0] == made[1]
    assert len({*made[0], *made[2]}) == 6


def test_the_clock_of_a_file_knows_its_switches(new_session: NewSession, tmp_path: Path) -> None:
    """Runs that are made by moving the clock from outside follow the file's switches too."""
    file = tmp_path / "emulator.sqlite"
    configure(file, switches={"max_runs_per_move": "2", "state_after_end": "disabled"})
    session = new_session(None, store=Store(file))
    flow = session.make_export(scheduleParams=SCHEDULE | {"endTime": START + 12 * 3600})["flows"]
    set_clock(file, "2030-03-20T00:00:00Z")
    with Store(file) as store, store.transaction() as tx:
        assert len(tx.entities.children("runs", flow)) == 2
        assert configuration.applied(Engine(from_store=True), tx).behaviour.max_runs_per_move == 2


def test_an_unknown_switch_in_a_file_is_an_error(tmp_path: Path) -> None:
    """A file with a switch of a newer emulator is refused by name when it is opened, not at a request."""
    file = tmp_path / "emulator.sqlite"
    with Store(file) as store, store.transaction() as tx:
        tx.set_setting(CONFIGURATION, '{"profile": "strict", "switches": {"colour": "blue"}}')
    store = Store(file)
    with pytest.raises(StoreError, match="Unknown switch 'colour'"):
        create_app(store)
    store.close()


def test_the_provider_honours_the_file(tmp_path: Path) -> None:
    """An application over the file, made as the provider makes it, has the file's switches."""
    file = tmp_path / "emulator.sqlite"
    configure(file, switches={"error_code_type": "number"})

    async def ask() -> httpx.Response:
        app = create_app(file)
        try:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://emulator", trust_env=False
            ) as client:
                return await client.get("/data/foundation/flowservice/flows")
        finally:
            app.state.store.close()

    assert asyncio.run(ask()).json()["error_code"] == 403010
