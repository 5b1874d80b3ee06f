"""`flow_emulator/COVERAGE.md` is complete, and its tests are held to what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow_emulator import errors
from flow_emulator.http.paths import is_own
from flow_emulator.http.routing import Route
from flow_emulator.routes import ROUTES
from flow_emulator.service.routes import OPERATIONS, SERVICE_ROUTES, UnsupportedOperation
from tests.unit.flow_emulator import observed_coverage
from tests.unit.flow_emulator.session import BASE, MISSING, Session
from tools import emulator_evidence, generate_coverage

OBSERVED: dict[str, Any] = json.loads(observed_coverage.FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "route",
    [route for route in SERVICE_ROUTES if isinstance(route.handler, UnsupportedOperation)],
    ids=lambda route: str(route.operation),
)
def test_unsupported_operations_respond_with_501(session: Session, route: Route) -> None:
    """Each unsupported operation responds with 501 and its message, after the gateway's checks."""
    place = route.path.replace("{id}", MISSING).replace("{name}", "prod")
    assert isinstance(route.handler, UnsupportedOperation)
    response = session.raw(route.method, place, headers=session.headers)
    assert response.status_code == 501
    assert response.json()["detail"] == route.handler.sentence
    assert session.raw(route.method, place).status_code == 403


def test_every_operation_has_its_evidence() -> None:
    """What is served of Adobe's has a name, and each name has evidence, none too many."""
    served = [route for route in ROUTES if not is_own(route.path)]
    assert served == list(SERVICE_ROUTES)
    assert all(route.operation for route in served)
    assert set(OPERATIONS) == set(emulator_evidence.OPERATIONS)
    kinds = {known.kind for known in emulator_evidence.OPERATIONS.values()}
    assert kinds <= set(emulator_evidence.KINDS)


def test_every_operation_and_error_has_a_test() -> None:
    """Each operation and each error was observed by a test."""
    for name in emulator_evidence.OPERATIONS:
        assert f"operation {name}" in OBSERVED or f"refused {name}" in OBSERVED, name
    codes = {
        f"FLOW-{kind.number}-{kind.default_status}"
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.FlowServiceError)
    } - {"FLOW-1400-400"}  # the base class, which nothing raises
    assert set(emulator_evidence.NEVER_SENT) <= codes
    for code in (codes | set(emulator_evidence.OTHER_ERRORS)) - set(emulator_evidence.NEVER_SENT):
        assert f"error {code}" in OBSERVED, code
    assert not any(f"error {code}" in OBSERVED for code in emulator_evidence.NEVER_SENT)


def test_every_observed_error_is_explained() -> None:
    """No test observed an error that the page does not have."""
    known = {f"error {name}" for name in emulator_evidence.OTHER_ERRORS}
    other = {key for key in OBSERVED if key.startswith("error ") and not key.startswith("error FLOW-")}
    assert other - known == set()


def test_every_rule_has_a_test() -> None:
    """Each rule is proved by a test that says so, and no test names another one."""
    assert set(generate_coverage.proven_rules()) == set(emulator_evidence.RULES)


def test_the_most_specific_tests_are_chosen() -> None:
    """Of the tests that observe something the most specific ones come first, one of each function."""
    records = [
        {"test": "t/models/test_a.py::test_much", "seen": ["x", "y", "z"]},
        {"test": "t/models/test_a.py::test_x[2]", "seen": ["x"]},
        {"test": "t/models/test_a.py::test_x[1]", "seen": ["x", "y"]},
        {"test": "t/test_page.py::test_x", "seen": ["x"]},
    ]
    assert generate_coverage.choose_tests(records) == {
        "x": [
            "t/models/test_a.py::test_x[2]",
            "t/models/test_a.py::test_much",
            "t/test_page.py::test_x",
        ],
        "y": ["t/models/test_a.py::test_x[1]", "t/models/test_a.py::test_much"],
        "z": ["t/models/test_a.py::test_much"],
    }


def test_a_test_that_shows_less_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test must observe what the page lists for it; while tests are recorded it is written instead."""
    monkeypatch.delenv(observed_coverage.RECORD_TO, raising=False)
    key, (test, *_) = next((key, tests) for key, tests in OBSERVED.items() if tests)
    with pytest.raises(AssertionError, match="any more"):
        observed_coverage.check_or_record(test, set())
    observed_coverage.check_or_record(test, {each for each, tests in OBSERVED.items() if test in tests})
    observed_coverage.check_or_record("a test that the page does not name", set())

    monkeypatch.setenv(observed_coverage.RECORD_TO, str(tmp_path / "seen"))
    observed_coverage.check_or_record(test, {key})
    assert json.loads((tmp_path / "seen").read_text()) == {"test": test, "seen": [key]}


def test_errors_have_a_key_of_code_or_shape(session: Session) -> None:
    """A FLOW code, a gateway's code, an OAuth error, else shape and status."""
    assert observed_coverage.error_key(session.get(f"/flows/{MISSING}")) == "FLOW-1439-404"
    assert observed_coverage.error_key(session.raw("GET", f"{BASE}/flows")) == "403010"
    assert observed_coverage.error_key(session.token(client_id="x", client_secret="y")) == "invalid_client"
    assert observed_coverage.error_key(session.raw("GET", "/other")) == "NotFoundError 404"
    assert observed_coverage.error_key(session.post("/connections", {"colour": 1})) == "errorMessage 422"
