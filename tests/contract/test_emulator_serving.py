"""The emulator on real sockets and in real processes."""

from __future__ import annotations

import re
import socket
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.serving import listen
from flow_emulator.store import Store
from flow_emulator.testing import running_emulator
from tests.contract.emulator_client import client_of
from tests.unit.flow_emulator.session import BASE, base_body


def test_a_served_emulator_responds() -> None:
    """Inside the block requests are answered on loopback and logged; after it the port is closed."""
    with running_emulator(behaviour=Behaviour(body="bare")) as emulator, client_of(emulator) as client:
        assert emulator.url.startswith("http://127.0.0.1:")
        assert emulator.environment()["AEP_ENDPOINT"] == emulator.url
        made = client.post(f"{BASE}/connections", json=base_body()).json()["id"]
        assert client.get(f"{BASE}/connections/{made}").json()["id"] == made
        assert [each["status"] for each in emulator.requests()] == [200, 201, 200]
        emulator.set_clock("2031-01-02T00:00:00Z")
        assert client.get("/_emulator/clock").json()["now"] == "2031-01-02T00:00:00Z"
        emulator.reset()
        assert emulator.requests() == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(emulator.url, trust_env=False)


def test_every_response_has_one_date_by_the_emulator_s_clock() -> None:
    """The Date header agrees with `createdAt` when the clock is set, also on errors and broken bodies."""
    with running_emulator() as emulator, ExitStack() as stack:
        emulator.set_clock("2031-01-02T00:00:00Z")
        emulator.add_fault("listFlows truncate")
        client = stack.enter_context(client_of(emulator))  # its token is of that time
        made = client.post(f"{BASE}/connections", json=base_body()).json()["id"]
        for path in (f"/connections/{made}", "/connections/missing", "/nowhere"):
            response = client.get(BASE + path)
            assert response.headers.get_list("date") == ["Thu, 02 Jan 2031 00:00:00 GMT"], path
        assert client.get(f"{BASE}/connections/{made}").json()["items"][0]["createdAt"] == 1_925_078_400_000
        with client.stream("GET", f"{BASE}/flows") as response:
            assert response.headers.get_list("date") == ["Thu, 02 Jan 2031 00:00:00 GMT"]


def test_a_file_that_breaks_is_the_response_to_each_request(tmp_path: Path) -> None:
    """A client reads the file and the reason, and the server goes on."""
    file = tmp_path / "emulator.sqlite"
    with running_emulator(file) as emulator, client_of(emulator) as client:
        with closing(sqlite3.connect(file)) as other:
            other.execute("ALTER TABLE setting RENAME TO hidden")
            response = client.get(f"{BASE}/connections")
            assert response.status_code == 500
            assert f"The emulator cannot use {file}: it is damaged" in response.json()["detail"]
            other.execute("ALTER TABLE hidden RENAME TO setting")
        assert client.get(f"{BASE}/connections").status_code == 200


def examples(language: str) -> list[str]:
    """The blocks of a language on the emulator's page."""
    page = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_example_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The first Python on the emulator's page runs as printed."""
    exec(examples("python")[0], {})
    variables, requests = capsys.readouterr().out.splitlines()
    assert "'AEP_ENDPOINT': 'http://127.0.0.1:" in variables
    assert requests == "[]"


def test_every_other_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python further down runs as printed, in an empty folder; that with pytest has a test of its own."""
    blocks = [block for block in examples("python")[1:] if "pytest_plugins" not in block]
    assert blocks
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(block, {})


def test_many_clients_at_once() -> None:
    """Ten clients that write at the same time are all answered, and nothing is lost or doubled."""
    with running_emulator() as emulator, client_of(emulator) as client, ThreadPoolExecutor(10) as pool:

        def create(number: int) -> int:
            return client.post(f"{BASE}/connections", json=base_body(name=f"c{number}")).status_code

        assert set(pool.map(create, range(100))) == {201}
        assert client.get(f"{BASE}/connections?count=true").json() == {"count": 100}


def test_responses_are_sent_at_once() -> None:
    """Nagle's algorithm, which delays small responses until the client acknowledges, is off for clients."""
    with listen() as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert (accepted.type, accepted.proto) == (socket.SOCK_STREAM, socket.IPPROTO_TCP)


def test_a_taken_port_is_an_error() -> None:
    """A port that is in use is an error at once."""
    taken = listen()
    with taken, pytest.raises(OSError, match="in use"):
        listen(taken.getsockname()[1])


_WRITER = """
import sys
from flow_emulator.store import Entity, Store
with Store(sys.argv[1]) as store:
    for count in range(100):
        with store.transaction() as data:
            name = f"{sys.argv[2]}-{data.next_number()}"
            data.entities.insert(Entity("connections", "o", "s", name, {"name": name}))
"""


@pytest.mark.slow
def test_processes_share_a_file(tmp_path: Path) -> None:
    """Four processes write one file at once: none fails, and every write is there."""
    file = tmp_path / "emulator.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(file), str(number)], stderr=subprocess.PIPE)
        for number in range(4)
    ]
    assert [writer.communicate(timeout=60)[1] for writer in writers] == [b""] * 4
    assert [writer.returncode for writer in writers] == [0] * 4
    with Store(file) as store, store.transaction() as tx:
        assert tx.entities.count("connections", "o", "s") == 400
        assert tx.next_number() == 401


@pytest.mark.slow
def test_importing_the_package_loads_nothing() -> None:
    """The package itself costs nothing; making an application loads no JSON Schema library yet."""
    program = (
        "import sys, flow_emulator\n"
        "heavy = ('starlette', 'jsonschema', 'uvicorn', 'sqlite3', 'httpx')\n"
        "print([name for name in heavy if name in sys.modules])\n"
        "flow_emulator.create_app().state.store.close()\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['starlette', 'sqlite3']"]


@pytest.mark.slow
def test_serve_announces_itself(tmp_path: Path) -> None:
    """``serve`` prints its address once it accepts requests, and shuts down on an interrupt."""
    program = "import sys; from flow_emulator.serving import serve; serve(sys.argv[1])"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "emulator.sqlite")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        try:
            assert httpx.get(f"{url}/_emulator/clock", trust_env=False).json()["set"] is False
        finally:
            server.send_signal(2)
        _, errors = server.communicate(timeout=30)
    assert (server.returncode, errors) == (0, "")
