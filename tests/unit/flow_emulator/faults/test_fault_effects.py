"""Each kind of fault on an emulator in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.faults import response_shapes
from flow_emulator.faults.broken_connections import ConnectionReset, TruncatedBody
from tests.unit.flow_emulator.session import MISSING, Session, base_body, code, source_body

FAULTS = "/_emulator/faults"


def set_fault(session: Session, text: str) -> int:
    """Set one fault and give its number."""
    response = session.raw("POST", FAULTS, json=text)
    assert response.status_code == 201, response.text
    return int(response.json()["items"][0]["id"])


def last(session: Session) -> dict[str, Any]:
    """The last entry of the request log."""
    entry: dict[str, Any] = session.raw("GET", "/_emulator/requests").json()["items"][-1]
    return entry


def how_many(session: Session) -> int:
    """The number of base connections."""
    return int(session.get("/connections?count=true").json()["count"])


def test_a_status_comes_instead_of_the_effect(session: Session) -> None:
    """The answer has the status, nothing is made, and the log says which fault it was."""
    set_fault(session, "createConnection status status=500 times=1")
    response = session.post("/connections", base_body())

    assert (response.status_code, response.content) == (500, b"")
    assert (last(session)["status"], last(session)["faults"]) == (
        500,
        ["createConnection status status=500 times=1"],
    )
    assert how_many(session) == 0
    assert session.post("/connections", base_body()).status_code == 201
    assert "faults" not in last(session)


def test_a_status_comes_after_the_effect(session: Session) -> None:
    """With when=after the answer is the same, and the object exists."""
    set_fault(session, "createConnection status status=503 when=after")

    assert session.post("/connections", base_body()).status_code == 503
    assert how_many(session) == 1


@pytest.mark.parametrize(
    ("status", "shape", "expected"),
    [
        (401, "", {"error_code": "401013", "message": "M"}),
        (403, "code=403000", {"error_code": "403000", "message": "M"}),
        (400, "shape=older", {"errorMessage": "M", "errorDetails": "Bad Request"}),
        (400, "shape=plain", {"message": "M"}),
        (
            400,
            "shape=generic",
            {"type": "/placeholder/type/uri", "status": 400, "title": "BadRequestError", "detail": "M"},
        ),
        (
            412,
            "",
            {
                "type": "https://ns.adobe.com/aep/errors/FLOW-1404-412",
                "title": "Precondition Failed",
                "status": 412,
                "report": {"detailed-message": "M", "request-id": "r-1"},
                "errorMessage": "M",
                "errorDetails": "Precondition Failed",
            },
        ),
    ],
)
def test_a_status_has_a_documented_body(
    session: Session, status: int, shape: str, expected: dict[str, Any]
) -> None:
    """Each shape of Adobe's can be asked for, and each status has its usual one."""
    set_fault(session, f"listFlows status status={status} message=M {shape}")
    response = session.get("/flows", headers={"x-request-id": "r-1"})

    assert (response.status_code, response.json()) == (status, expected)
    assert response.headers["content-type"] == "application/json"


def test_a_gateways_page_is_html(session: Session) -> None:
    """A gateway that gave up, or a portal that answers in its place, sends a page."""
    for status in (502, 200):
        set_fault(session, f"listFlows status status={status} shape=html times=1")
        response = session.get("/flows")

        assert (response.status_code, response.headers["content-type"]) == (status, "text/html")
        assert response.text.startswith("<html>")


@pytest.mark.parametrize("shape", response_shapes.ERROR_SHAPES)
@pytest.mark.parametrize("status", [200, 204, 304, 429, 599])
def test_every_status_goes_with_every_shape(session: Session, status: int, shape: str) -> None:
    """No pair makes the emulator itself stumble; what may have no body has none."""
    set_fault(session, f"listFlows status status={status} shape={shape}")
    response = session.get("/flows")

    assert response.status_code == status
    assert bool(response.content) == (shape != "empty" and status not in (204, 304))


def test_throttling_without_retry_after(session: Session) -> None:
    """429 has the gateway's body and, unless it is asked for, no Retry-After."""
    set_fault(session, "* throttle")
    response = session.get("/flows")

    assert response.status_code == 429
    assert response.json()["error_code"] == "429050"
    assert "retry-after" not in response.headers


def test_throttling_with_retry_after(session: Session) -> None:
    """Retry-After is seconds, or a date by the emulator's clock, as the Date header of the response."""
    session.set_clock("2035-01-02T00:00:00Z")
    set_fault(session, "* throttle retry_after=17 times=1")
    assert session.get("/flows").headers["retry-after"] == "17"

    set_fault(session, "* throttle retry_after=17 retry_after_as=date times=1")
    headers = session.get("/flows").headers
    assert headers["date"] == "Tue, 02 Jan 2035 00:00:00 GMT"
    assert headers["retry-after"] == "Tue, 02 Jan 2035 00:00:17 GMT"


def test_latency_is_slept(new_session: Callable[..., Session]) -> None:
    """Latencies add up, are slept before or after the effect, and outside of any transaction."""
    observed: list[tuple[float, int]] = []

    async def sleep(seconds: float) -> None:
        with session.store.transaction() as tx:
            observed.append((seconds, len(tx.entities.everything())))

    session = new_session(sleep=sleep)
    set_fault(session, "createConnection latency seconds=2")
    set_fault(session, "createConnection latency seconds=0.5")
    set_fault(session, "create* latency seconds=7 when=after")

    assert session.post("/connections", base_body()).status_code == 201
    assert observed == [(2.5, 0), (7.0, 1)]
    assert session.get("/flows").status_code == 200
    assert len(observed) == 2


@pytest.mark.parametrize(("when", "made", "status"), [("before", 0, 0), ("after", 1, 201)])
def test_a_reset_leaves_no_response(session: Session, when: str, made: int, status: int) -> None:
    """The connection breaks before or after the effect; the log has what happened."""
    set_fault(session, f"createConnection reset when={when}")
    with pytest.raises(ConnectionReset):
        session.post("/connections", base_body())

    assert last(session)["status"] == status
    assert how_many(session) == made


def test_a_truncated_response_comes_after_the_effect(session: Session) -> None:
    """Half of the body, or as many bytes as are asked for, but never all of it."""
    set_fault(session, "createConnection truncate nth=1")
    set_fault(session, "createConnection truncate bytes=9 nth=2")
    set_fault(session, "createConnection truncate bytes=9999 nth=3")
    broken = []
    for _ in range(3):
        with pytest.raises(TruncatedBody) as caught:
            session.post("/connections", base_body())
        broken.append(caught.value)

    whole = broken[0].expected
    assert [each.sent for each in broken] == [whole // 2, 9, whole - 1]
    assert how_many(session) == 3


def test_an_etag_is_stale_after_a_read(session: Session) -> None:
    """Another client writes after the read, so a patch with the etag of the read is rejected."""
    made = session.make("connections", base_body())
    set_fault(session, "readConnection stale-etag times=1")
    change = {"op": "replace", "path": "/name", "value": "new"}
    stale = session.item(f"/connections/{made}")["etag"]

    assert code(session.patch(f"/connections/{made}", change, etag=stale)) == "1404-412"
    now = session.item(f"/connections/{made}")
    assert (now["name"], now["updatedBy"]) == ("account", "another-client")
    assert session.patch(f"/connections/{made}", change, etag=now["etag"]).status_code == 200


@pytest.mark.parametrize("operation", ["patchConnection", "createConnection", "listConnections"])
def test_an_etag_is_stale_elsewhere(session: Session, operation: str) -> None:
    """Before a patch, after a create, after a list: the etag at hand is no longer the current one."""
    set_fault(session, f"{operation} stale-etag times=1")
    made = session.post("/connections", base_body()).json()
    etag = made["etag"]
    if operation == "listConnections":
        etag = session.get("/connections").json()["items"][0]["etag"]
    change = {"op": "replace", "path": "/name", "value": "new"}

    assert session.patch(f"/connections/{made['id']}", change, etag=etag).status_code == 412
    assert session.patch(f"/connections/{made['id']}", change).status_code == 200


def test_a_state_changes_slowly(session: Session) -> None:
    """A new flow stays initializing for the reads of the fault, later ones don't."""
    set_fault(session, "createFlow slow-state looks=2 times=1")
    flow = session.make_export()["flows"]
    states = [session.item(f"/flows/{flow}")["state"] for _ in range(3)]

    assert states == ["initializing", "initializing", "enabled"]
    assert session.item(f"/flows/{session.make_export()['flows']}")["state"] == "enabled"


def test_a_delete_takes_longer(session: Session) -> None:
    """What is deleted stays for as many reads as the fault has."""
    made = session.make("connections", base_body())
    set_fault(session, "deleteConnection slow-state")
    assert session.delete(f"/connections/{made}").status_code == 202

    assert [session.get(f"/connections/{made}").status_code for _ in range(4)] == [200, 200, 200, 404]


def test_shapes_of_success(session: Session) -> None:
    """Bare reads, wrapped writes, no etag, another name of the etag, other statuses of a delete."""
    made = session.make("connections", base_body())
    set_fault(session, "readConnection shape shape=bare")
    set_fault(session, "listConnections shape shape=bare")
    set_fault(session, "createConnection shape shape=wrapped nth=1")
    set_fault(session, "createConnection shape shape=no-etag nth=2")
    set_fault(session, "createConnection shape shape=other-etag-key nth=3")
    set_fault(session, "deleteConnection shape shape=deleted-204")

    assert session.get(f"/connections/{made}").json()["id"] == made
    assert session.get("/connections").json()["items"][0]["id"] == made
    wrapped = session.post("/connections", base_body()).json()
    assert [sorted(item) for item in wrapped["items"]] == [["etag", "id"]]
    assert session.post("/connections", base_body()).json().keys() == {"id"}
    assert session.post("/connections", base_body()).json().keys() == {"id", "eTag"}
    assert session.delete(f"/connections/{made}").status_code == 204


def test_shapes_of_errors(session: Session) -> None:
    """The older errors, the other status of what is missing, a number for a code."""
    path = f"/flows/{MISSING}"
    usual = session.get(path).json()
    for number, shape in enumerate(("older-error", "older-error-short", "missing-400"), 1):
        set_fault(session, f"readFlow shape shape={shape} nth={number}")

    older = {name: usual[name] for name in ("errorMessage", "errorDetails")}
    assert session.get(path).json() == older
    assert session.get(path).json() == {"errorMessage": older["errorMessage"]}
    response = session.get(path)
    assert (response.status_code, code(response)) == (400, "1439-400")

    set_fault(session, "listFlows shape shape=numeric-code")
    refused = session.get("/flows", headers={"x-api-key": "another"})
    assert refused.json()["error_code"] == 403003


@pytest.mark.parametrize("shape", response_shapes.RESHAPINGS)
def test_every_shape_goes_with_every_response(session: Session, shape: str) -> None:
    """Where a shape has nothing to change, the answer is as it would be."""
    set_fault(session, f"* shape shape={shape}")
    for response in (
        session.post("/sourceConnections", source_body()),
        session.post("/sourceConnections", {}),
        session.get("/sourceConnections"),
        session.get("/flows?count=true"),
        session.get("/connectionSpecs"),
        session.token(client_id="x", client_secret="x"),
    ):
        assert response.status_code < 500
        assert isinstance(json.loads(response.content), dict)


def test_the_first_of_several_responses(session: Session) -> None:
    """All of them count the call, and the oldest one answers."""
    set_fault(session, "listFlows status status=500 nth=2")
    set_fault(session, "list* status status=502")
    assert [session.get("/flows").status_code for _ in range(3)] == [502, 500, 502]

    assert session.get("/runs").status_code == 502
    shown = session.raw("GET", FAULTS).json()["items"]
    assert [(each["calls"], each["hits"]) for each in shown] == [(3, 1), (4, 4)]
    assert shown[0] == {
        "id": 1,
        "operation": "listFlows",
        "kind": "status",
        "status": 500,
        "nth": [2],
        "calls": 3,
        "hits": 1,
    }


def test_a_fault_comes_before_the_gateway(session: Session) -> None:
    """A request without a token is hit too, and the token endpoint can be."""
    set_fault(session, "listFlows status status=503")
    set_fault(session, "issueToken status status=500")

    assert session.raw("GET", "/data/foundation/flowservice/flows").status_code == 503
    assert session.token().status_code == 500


def test_faults_can_be_taken_back(session: Session) -> None:
    """One by its number, all at once, and all with a reset; the numbers go on."""
    first = set_fault(session, "listFlows status")
    set_fault(session, "listRuns status")
    assert session.raw("DELETE", f"{FAULTS}/{first}").status_code == 204
    assert (session.get("/flows").status_code, session.get("/runs").status_code) == (200, 503)
    assert session.raw("DELETE", f"{FAULTS}/{first}").status_code == 404
    assert session.raw("DELETE", f"{FAULTS}/x").status_code == 404

    assert session.raw("DELETE", FAULTS).status_code == 204
    assert session.get("/runs").status_code == 200
    assert set_fault(session, "listRuns status") > first + 1
    session.raw("POST", "/_emulator/reset")
    assert session.raw("GET", FAULTS).json() == {"items": []}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"createFlow"',
        b'{"items": 3}',
        b'{"items": [7]}',
        b'{"items": ["* reset", "* explode"]}',
        b'{"operation": "createFlow"}',
        b'{"kind": "reset", "more": 1}',
    ],
)
def test_wrong_faults_are_rejected(session: Session, body: bytes) -> None:
    """What is no fault is a 400 with a sentence, and of several none is set when one is wrong."""
    response = session.raw("POST", FAULTS, content=body)

    assert response.status_code == 400
    assert response.json()["detail"].endswith(".")
    assert session.raw("GET", FAULTS).json() == {"items": []}


def test_several_at_once(session: Session) -> None:
    """One list may have objects and texts."""
    both = {"items": ["listRuns status", {"operation": "listFlows", "kind": "status", "status": 500}]}
    assert session.raw("POST", FAULTS, json=both).status_code == 201
    assert (session.get("/flows").status_code, session.get("/runs").status_code) == (500, 503)


def test_control_paths_are_never_hit(session: Session) -> None:
    """Faults are for Adobe's operations, so there is always a way to take them back."""
    set_fault(session, "* status")
    assert session.raw("GET", "/_emulator/state").status_code == 200
    assert session.raw("GET", "/_emulator").status_code == 200
    assert session.get("/nothing/here").status_code == 404


def test_probability_is_decided_in_the_store(new_session: Callable[..., Session]) -> None:
    """Two emulators with the same seed hit the same calls, whatever they are called."""

    def statuses(session: Session) -> list[int]:
        set_fault(session, "listFlows status probability=0.5 seed=4")
        return [session.get("/flows").status_code for _ in range(20)]

    drawn = statuses(new_session())
    assert drawn == statuses(new_session(Behaviour(body="bare")))
    assert set(drawn) == {200, 503}
