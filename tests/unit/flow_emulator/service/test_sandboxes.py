"""The sandboxes endpoint."""

from __future__ import annotations

from collections.abc import Callable

from flow_emulator.behaviour.switches import Behaviour
from tests.unit.flow_emulator.session import Session, base_body

NewSession = Callable[..., Session]
PATH = "/data/foundation/sandbox-management/sandboxes"


def test_the_list(session: Session) -> None:
    """Every sandbox that requests may name is listed, active, the default one first; a page has links."""
    shown = session.raw("GET", PATH, headers=session.headers).json()
    assert [(each["name"], each["type"], each["isDefault"]) for each in shown["sandboxes"]] == [
        ("prod", "production", True),
        ("dev", "development", False),
    ]
    assert {each["state"] for each in shown["sandboxes"]} == {"active"}
    assert shown["_page"] == {"limit": 100, "count": 2}

    first = session.raw("GET", f"{PATH}?limit=1", headers=session.headers).json()
    following = session.raw("GET", first["_links"]["next"]["href"], headers=session.headers).json()
    assert [each["name"] for each in following["sandboxes"]] == ["dev"]
    assert "next" not in following["_links"]
    back = session.raw("GET", following["_links"]["prev"]["href"], headers=session.headers).json()
    assert back["sandboxes"] == first["sandboxes"]


def test_one(session: Session) -> None:
    """A sandbox has the id that its entities show; an unknown one is not found."""
    prod = session.raw("GET", f"{PATH}/prod", headers=session.headers).json()
    made = session.item(f"/connections/{session.make('connections', base_body())}")
    assert prod["id"] == made["sandboxId"]
    missing = session.raw("GET", f"{PATH}/none", headers=session.headers)
    assert (missing.status_code, missing.json()["title"]) == (404, "NotFoundError")


def test_no_sandbox_is_needed(new_session: NewSession) -> None:
    """Sandboxes are an organisation's: the header may be missing or name none of them; the token may not."""
    session = new_session(Behaviour(missing_sandbox="refuse"))
    headers = {name: value for name, value in session.headers.items() if name != "x-sandbox-name"}
    assert session.raw("GET", PATH, headers=headers).status_code == 200
    assert session.raw("GET", PATH, headers=headers | {"x-sandbox-name": "none"}).status_code == 200
    assert session.raw("GET", PATH).json()["error_code"] == "403010"


def test_writes_are_not_supported(session: Session) -> None:
    """Making, changing and deleting sandboxes answers 501 with a sentence."""
    for method, path in (("POST", PATH), ("PUT", f"{PATH}/dev"), ("DELETE", f"{PATH}/dev")):
        response = session.raw(method, path, headers=session.headers)
        assert response.status_code == 501
        assert "sandboxes" in response.json()["detail"]
