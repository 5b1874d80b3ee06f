"""The campaign's comparison of Flow Service's objects with a configuration."""

from __future__ import annotations

import pytest

from tests.campaign.configuration import Configuration, Export

EXPORT = Export("e0", enabled=False)
CONFIGURATION = Configuration("campaign", (EXPORT,), "seed")
FLOW = {
    "name": CONFIGURATION.name(EXPORT, "flow"),
    "scheduleParams": {"interval": 3},
    "sourceConnectionIds": ["s"],
    "targetConnectionIds": ["t"],
}
IDS = {"aep_source_connection.e0": "s", "aep_target_connection.e0": "t"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("disabled", []),
        ("disabling", []),
        ("enabled", ["state is 'enabled', not 'disabled'"]),
        ("enabling", ["state is 'enabled', not 'disabled'"]),
    ],
)
def test_a_flow_on_its_way_is_as_configured(state: str, expected: list[str]) -> None:
    """A flow that is being disabled counts as disabled, and one that is being enabled as enabled."""
    assert CONFIGURATION.differences("aep_flow.e0", FLOW, state, IDS) == expected
