"""Other web pages, which reach a served emulator through the browser of its user."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, SCOPES
from flow_emulator.testing import RunningEmulator, running_emulator
from tests.contract.emulator_client import client_of
from tests.unit.flow_emulator.session import BASE, base_body

FORM = {
    "grant_type": "client_credentials",
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "scope": SCOPES,
}
CONNECTIONS = f"{BASE}/connections"
# What a page can send without asking the server first: the methods and content types of a form.
FORM_TYPES = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    """An emulator with one allowed name."""
    with running_emulator(allowed_hosts=["flow-service.test"]) as running:
        yield running


@pytest.fixture
def client(emulator: RunningEmulator) -> Iterator[httpx.Client]:
    """A client with a token."""
    with client_of(emulator) as connected:
        yield connected


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/_emulator/state"),
        ("GET", CONNECTIONS),
        ("POST", CONNECTIONS),
        ("GET", f"{BASE}/nothing"),
        ("POST", "/ims/token/v3"),
    ],
)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.5:8391"])
def test_a_name_that_a_stranger_points_here_is_rejected(
    client: httpx.Client, method: str, path: str, host: str
) -> None:
    """Under another name neither the page nor the API, the token endpoint or an unknown path responds."""
    before = client.get(f"{CONNECTIONS}?count=true").json()
    form = FORM if path.startswith("/ims") else None
    response = client.request(method, path, headers={"host": host}, data=form)

    assert (response.status_code, response.json()["title"]) == (403, "ForeignRequestError")
    assert client.get(f"{CONNECTIONS}?count=true").json() == before


def test_own_names_are_served(client: httpx.Client, emulator: RunningEmulator) -> None:
    """Names and addresses of the loopback interface are accepted, and the name that was allowed."""
    port = emulator.url.rpartition(":")[2]
    for host in (
        f"localhost:{port}",
        f"127.0.0.1:{port}",
        "[::1]",
        "flow-service.test",
        "Flow-Service.test:80",
    ):
        assert client.get(CONNECTIONS, headers={"host": host}).status_code == 200, host


@pytest.mark.parametrize("kind", FORM_TYPES)
@pytest.mark.parametrize(
    "page",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_page_is_rejected(client: httpx.Client, kind: str, page: dict[str, str]) -> None:
    """A page that posts to the API or the token endpoint gets 403, before token and content are looked at."""
    headers = {**page, "content-type": kind}
    for path in (CONNECTIONS, "/ims/token/v3", "/_emulator/reset"):
        response = client.post(path, content=b"{}", headers=headers)
        assert (response.status_code, response.json()["title"]) == (403, "ForeignRequestError"), path


def test_a_rejected_request_meets_no_fault(emulator: RunningEmulator, client: httpx.Client) -> None:
    """A stranger's request is neither counted by a fault nor delayed by one, and is in the request log."""
    number = emulator.add_fault("listConnections latency seconds=3600")
    response = client.get(CONNECTIONS, headers={"host": "evil.example"})
    faults = client.get("/_emulator/faults").json()["items"]
    emulator.clear_faults()

    assert response.status_code == 403
    assert [(each["id"], each["calls"]) for each in faults] == [(number, 0)]
    assert emulator.requests()[-1]["code"] == "ForeignRequestError"


def test_programs_are_not_affected(client: httpx.Client) -> None:
    """A program sends no Origin, so it writes as before."""
    assert client.post(CONNECTIONS, json=base_body()).status_code == 201
