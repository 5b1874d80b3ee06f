"""The page over HTTP: what it shows of the state, what its buttons do, and whom it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from flow_emulator.behaviour.switches import Behaviour
from flow_emulator.http.same_origin import ForeignRequestError, host_name, require_same_origin
from flow_emulator.identity import EMULATOR, Identity
from tests.unit.flow_emulator.destinations import DESTINATIONS
from tests.unit.flow_emulator.page.page_views import classed, having, parsed, text_of
from tests.unit.flow_emulator.session import SCHEDULE, START, Session, base_body

OWN = {"origin": "http://emulator"}
ELSEWHERE = "http://evil.example"


def page(session: Session, query: str = "") -> Any:
    """The page as an XML parser reads it."""
    response = session.raw("GET", f"/{query}")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return parsed(response.text)


def press(session: Session, **form: str) -> httpx.Response:
    """Press a button, as a browser does it."""
    return session.raw("POST", "/", data=form, headers=OWN)


def time_of(session: Session) -> str:
    """What the clock shows."""
    shown: str = session.raw("GET", "/_emulator/clock").json()["now"]
    return shown


def test_an_empty_emulator_says_how_to_begin(session: Session) -> None:
    """With nothing stored the page has the variables for Terraform, with this emulator's address."""
    shown = text_of(page(session))

    assert "Nothing has been created yet" in shown
    assert "export AEP_ENDPOINT=http://emulator" in shown
    assert f"export AEP_CLIENT_SECRET={EMULATOR.client_secret}" in shown


def test_the_secret_of_another_client_is_masked(new_session: Callable[..., Session]) -> None:
    """Only the client that everybody knows has its secret on the page."""
    mine = Identity("someone", "s3cret-of-someone", "ORG@AdobeOrg")
    shown = text_of(page(new_session(identities=[mine])))

    assert "s3cret-of-someone" not in shown
    assert "export AEP_CLIENT_SECRET=****" in shown


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_every_destination_is_shown(session: Session, destination: str) -> None:
    """Ids, destination, schedule and its times are on the page, and no secret is."""
    ids = session.make_export(destination)
    response = session.raw("GET", "/")
    shown = text_of(parsed(response.text))

    assert all(each in shown for each in ids.values())
    assert "every 3 hours" in shown
    assert "2030-03-17 18:00" in shown
    assert "in 13 min 20 s" in shown
    assert "2030-03-18 18:00" in shown
    for secret in ("0123456789abcdefghijABCDEFGHIJ", "fake-secret", "AKIAABCDEFGHIJKLMNOP", "bWFkZS11cA"):
        assert secret not in response.text


def test_secrets_that_the_switch_keeps_in_clear_are_not_shown(new_session: Callable[..., Session]) -> None:
    """Also with `secrets = echo` no credential reaches the page, and the page says that the switch is set."""
    session = new_session(Behaviour(secrets="echo"))
    session.make_export("sftp_password")
    response = session.raw("GET", "/?log=all")

    assert "fake-secret" not in response.text
    assert "secrets = echo" in text_of(parsed(response.text))


def test_the_log_is_on_the_page_and_the_page_is_not_in_the_log(session: Session) -> None:
    """The newest requests come first, with status and code; looking and pressing add nothing to them."""
    session.get("/flows/00000000-0000-4000-8000-000000000000")
    before = session.raw("GET", "/_emulator/requests").json()
    rows = [text_of(row) for row in page(session).iter("tr")]
    press(session, clock="+1h")

    (refused,) = (row for row in rows if "00000000-0000-4000" in row)
    assert rows.index(refused) < next(at for at, row in enumerate(rows) if "/ims/token/v3" in row)
    assert "404 Not Found" in refused
    assert "1439" in refused
    assert session.raw("GET", "/_emulator/requests").json() == before


def test_showing_the_page_ends_no_transition(session: Session) -> None:
    """A connection that is being deleted is still there however often the page was loaded."""
    made = session.make("connections", base_body())
    session.delete(f"/connections/{made}")
    for _ in range(5):
        assert "delete-finalizing" in text_of(page(session))

    assert session.item(f"/connections/{made}")["state"] == "delete-finalizing"


@pytest.mark.parametrize(
    ("value", "then"),
    [
        ("+1h", "2030-03-17T18:46:40Z"),
        ("+3h", "2030-03-17T20:46:40Z"),
        ("+1d", "2030-03-18T17:46:40Z"),
        ("next", "2030-03-17T18:00:00Z"),
    ],
)
def test_clock_buttons_move_the_clock(session: Session, value: str, then: str) -> None:
    """Each step is counted from the time that is shown, and leads back to the page by a redirect."""
    session.make_export()
    response = press(session, clock=value)

    assert response.status_code == 303
    assert response.headers["location"].startswith("/?made=")
    assert time_of(session) == then


def test_the_next_run_is_one_button_away(session: Session) -> None:
    """The button goes to the scheduled time, the run is made, and the page has it in plot and table."""
    flow = session.make_export()["flows"]
    assert "No run yet" in text_of(page(session))
    where = press(session, clock="next").headers["location"]
    shown = page(session, where.removeprefix("/").partition("#")[0])

    assert "The clock was set. 1 run came due." in text_of(shown)
    assert len(classed(having(shown, "data-lane")[flow], "run")) == 1
    assert "success" in text_of(shown)
    assert len(session.get("/runs").json()["items"]) == 1


def test_the_clock_is_stopped_and_goes_on(session: Session) -> None:
    """A clock that was moved runs on, one that was stopped is fixed, and the page shows which."""
    press(session, clock="+1d")
    assert "set: running" in text_of(page(session))
    press(session, clock="stop")
    session.millis += 60_000
    assert "set: fixed" in text_of(page(session))
    press(session, clock="+1h")
    assert time_of(session) == "2030-03-18T18:46:40Z"
    press(session, clock="go-on")
    session.millis += 60_000
    assert time_of(session) == "2030-03-18T18:47:40Z"


def test_the_clock_goes_back_to_real_time(session: Session) -> None:
    """After the button the clock runs again."""
    press(session, clock="+1d")
    press(session, clock="real")

    assert session.raw("GET", "/_emulator/clock").json()["set"] is False


@pytest.mark.parametrize("typed", ["2031-02-03T04:05", "2031-02-03T04:05:00"])
def test_the_clock_is_set_to_any_time(session: Session, typed: str) -> None:
    """What a browser's field for date and time sends, with or without seconds, is taken as UTC."""
    assert press(session, at=typed).status_code == 303
    assert time_of(session) == "2031-02-03T04:05:00Z"


@pytest.mark.parametrize(
    "form",
    [{"at": "soon"}, {"at": "9999-01-01T00:00"}, {"clock": "+2h"}, {"clock": "next"}, {}, {"reset": "x"}],
)
def test_a_button_that_cannot_work_says_so(session: Session, form: dict[str, str]) -> None:
    """The page comes with the reason, and nothing has changed."""
    before = session.raw("GET", "/_emulator/state").json()
    response = press(session, **form)

    assert response.status_code == 400
    assert text_of(having(parsed(response.text), "role")["alert"])
    assert session.raw("GET", "/_emulator/state").json() == before


def test_the_last_hour_of_the_clock_is_not_passed(session: Session) -> None:
    """A step beyond the range of the clock is refused in words."""
    press(session, at="4999-12-31T23:30")
    response = press(session, clock="+1h")

    assert response.status_code == 400
    assert "The clock goes from 1970 to 4999." in text_of(parsed(response.text))


def test_the_reset_forgets_everything(session: Session) -> None:
    """After the confirmed reset nothing is stored, and the page says what happened."""
    session.make_export()
    where = press(session, reset="everything").headers["location"]
    shown = text_of(page(session, where.removeprefix("/")))

    assert "Everything was deleted" in shown
    assert "It has 0 flows, 0 connections, 0 runs, 0 requests." in shown


def test_the_filter_narrows_what_is_shown(session: Session) -> None:
    """Only flows with the text in name, id or place are left, with their connections; buttons keep it."""
    session.make_export(name="orders")
    session.make_export("sftp_key", name="returns")
    shown = page(session, "?filter=RETURN")

    assert len(having(shown, "data-flow")) == 1
    assert "1 of 2 flows shown" in text_of(shown)
    assert len(classed(shown, "box")) == 4
    assert "/?filter=RETURN" in {form.get("action") for form in shown.iter("form")}
    location = session.raw("POST", "/?filter=RETURN", data={"clock": "+1h"}, headers=OWN).headers["location"]
    assert location == "/?filter=RETURN&made=2#clock"
    assert "Nothing here has such a name" in text_of(page(session, "?filter=none-of-these"))


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "a & b", "שלום", "注文" * 40, "\x00\x1b[31m", "%3Cb%3E", "9²"]
)
def test_any_name_can_be_shown(session: Session, name: str) -> None:
    """Whatever Flow Service takes as a name leaves the page well-formed."""
    session.make_export(name=name)
    shown = page(session)

    assert "img" not in {str(element.tag) for element in shown.iter()}
    if name.isprintable():
        assert name in text_of(shown)


def test_a_long_log_is_shown_in_part(session: Session) -> None:
    """The newest thirty requests are shown, and all of them on demand."""
    for _ in range(40):
        session.get("/flows")
    few, all_of_them = page(session), page(session, "?log=all")

    def rows(shown: Any) -> int:
        return sum("/ims/token" in text_of(row) or "/flows" in text_of(row) for row in shown.iter("tr"))

    assert rows(few) == 30
    assert rows(all_of_them) == 41


@pytest.mark.thorough
def test_a_great_many_runs_are_drawn_in_part(session: Session) -> None:
    """The newest four thousand runs are drawn, and the page says that there are more."""
    for _ in range(5):
        session.make_export(scheduleParams={**SCHEDULE, "endTime": START + 2 * 365 * 86_400})
    session.set_clock("2030-07-15T18:00:00Z")
    response = session.raw("GET", "/")

    assert "The newest 4,000 of 4,805 runs are drawn." in text_of(parsed(response.text))
    assert len(response.content) < 1_000_000


# who may press


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": ELSEWHERE},
        {"origin": "null"},
        {"origin": "https://emulator"},
        {"origin": "http://emulator:8080"},
        {"origin": "http://emulator.evil.example"},
        {"origin": "http://emulator@evil.example"},
        {**OWN, "sec-fetch-site": "cross-site"},
        {**OWN, "sec-fetch-site": "same-site"},
        {**OWN, "host": "evil.example"},
        {"origin": ELSEWHERE, "host": "evil.example"},
    ],
)
def test_buttons_work_on_the_page_only(session: Session, headers: dict[str, str]) -> None:
    """A form of another page, or of one under a name that was pointed here, is refused."""
    session.make_export()
    before = session.raw("GET", "/_emulator/state").json()
    for form in ({"clock": "+1d"}, {"reset": "everything"}):
        assert session.raw("POST", "/", data=form, headers=headers).status_code == 403

    assert session.raw("GET", "/_emulator/state").json() == before


WRITES = [
    ("PUT", "/_emulator/clock", {"now": "2031-01-02T00:00:00Z"}),
    ("POST", "/_emulator/reset", None),
    ("POST", "/_emulator/reset/", None),
    ("DELETE", "/_emulator/requests", None),
    ("POST", "/_emulator/faults", {"operation": "*", "kind": "latency", "seconds": 1}),
    ("DELETE", "/_emulator/faults", None),
    ("POST", "/_emulator/seed", {}),
    ("PUT", "/_emulator/snapshot", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ELSEWHERE},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"host": "evil.example"},
        {"host": "evil.example", "origin": ELSEWHERE},
        {"host": "emulator/x?"},
    ],
)
def test_control_is_closed_to_other_pages(
    session: Session, method: str, path: str, body: Any, headers: dict[str, str]
) -> None:
    """Every endpoint that writes under `/_emulator/` refuses what a browser sends for another page."""
    session.make_export()
    before = session.raw("GET", "/_emulator/state").json()
    response = session.raw(method, path, content=json.dumps(body), headers=headers)

    assert response.status_code == 403
    assert response.json()["title"] == "ForeignRequestError"
    assert session.raw("GET", "/_emulator/state").json() == before


def test_control_is_open_to_programs(session: Session) -> None:
    """A program sends no Origin, and a page of the emulator's own its own one; both may write."""
    for headers in ({}, OWN, {"sec-fetch-site": "same-origin"}):
        body = {"now": "2031-01-02T00:00:00Z"}
        assert session.raw("PUT", "/_emulator/clock", json=body, headers=headers).status_code == 200


def test_reading_under_a_foreign_name_is_rejected(session: Session) -> None:
    """A page that had its name pointed to this machine reads neither the page nor the state."""
    for path in ("/", "/_emulator/state", "/_emulator/requests"):
        assert session.raw("GET", path, headers={"host": "evil.example"}).status_code == 403


@pytest.mark.parametrize(
    ("host", "server", "own"),
    [
        ("127.0.0.1:8391", "127.0.0.1", True),
        ("localhost:8391", "127.0.0.1", True),
        ("LOCALHOST", "127.0.0.1", True),
        ("[::1]:8391", "127.0.0.1", True),
        ("127.8.9.10", "127.0.0.1", True),
        ("127.0.0.1.evil.example", "127.0.0.1", False),
        ("localhost.evil.example:8391", "127.0.0.1", False),
        ("192.168.1.5:8391", "127.0.0.1", False),
        ("evil.example", None, False),
        ("localhost@evil.example", "127.0.0.1", False),
        ("localhost/evil", "127.0.0.1", False),
        ("localhost:port", "127.0.0.1", False),
        ("[::1", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("", "", False),
    ],
)
def test_which_host_names_are_ours(host: str, server: str | None, own: bool) -> None:
    """Any name or number of the loopback interface is accepted, and nothing similar."""
    try:
        require_same_origin("GET", "/", {"host": host}, server)
    except ForeignRequestError:
        assert not own
    else:
        assert own


def test_an_allowed_name_is_ours() -> None:
    """A name that the user allows is accepted in any case, and nothing similar."""
    allowed = [host_name("Flow-Service.test"), host_name("[fd00::1]")]
    for host in ("flow-service.test", "FLOW-SERVICE.TEST:8391", "[fd00::1]:80"):
        require_same_origin("GET", "/", {"host": host}, "127.0.0.1", allowed)
    for host in ("x.flow-service.test", "flow-service.test.evil.example", "flow-service", "[fd00::2]"):
        with pytest.raises(ForeignRequestError, match="--allow-host"):
            require_same_origin("GET", "/", {"host": host}, "127.0.0.1", allowed)


@pytest.mark.parametrize(
    "text", ["", "*", "*.test", "http://a.test", "a.test:80", "a b", "a..b", "-a", "é.test"]
)
def test_only_a_host_name_can_be_allowed(text: str) -> None:
    """A pattern, a scheme or a port is an error."""
    with pytest.raises(ValueError, match="is not a host name"):
        host_name(text)
