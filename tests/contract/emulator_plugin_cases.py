"""What the pytest plugin promises, as tests of a user's own project; run by ``test_emulator_plugin.py``."""

from __future__ import annotations

import os

import httpx
import pytest

from flow_emulator.testing import RunningEmulator
from tests.contract.emulator_client import client_of
from tests.unit.flow_emulator.session import BASE, base_body


def test_each_test_has_an_emulator(aep_emulator: RunningEmulator) -> None:
    """Without a marker it is strict, empty and by real time."""
    assert aep_emulator.requests() == []
    assert httpx.get(f"{aep_emulator.url}/_emulator/clock", trust_env=False).json()["set"] is False
    shown = httpx.get(f"{aep_emulator.url}/_emulator/behaviour", trust_env=False).json()
    assert (shown["profile"], shown["set"]) == ("strict", {})


@pytest.mark.aep_emulator(profile="documented-2026", clock="2031-01-02T00:00:00Z", delete_reads=0)
class TestMarked:
    """A marker of a class, and one nearer to the test."""

    def test_a_marker_chooses(self, aep_emulator: RunningEmulator) -> None:
        """Profile, clock and switches are those of the marker."""
        assert aep_emulator.now.isoformat() == "2031-01-02T00:00:00+00:00"
        with client_of(aep_emulator) as client:
            made = client.post(f"{BASE}/connections", json=base_body()).json()["id"]
            assert client.get(f"{BASE}/connections/{made}").json()["id"] == made
            client.delete(f"{BASE}/connections/{made}")
            assert client.get(f"{BASE}/connections/{made}").status_code == 404

    @pytest.mark.aep_emulator(profile="strict", extra_hour_intervals=(8, 24))
    def test_the_nearer_marker_wins(self, aep_emulator: RunningEmulator) -> None:
        """What the nearer marker says goes before; the rest stays."""
        shown = httpx.get(f"{aep_emulator.url}/_emulator/behaviour", trust_env=False).json()
        assert (shown["profile"], shown["switches"]["extra_hour_intervals"]) == ("strict", [8, 24])
        assert shown["switches"]["delete_reads"] == 0


def test_the_environment_is_set(aep_environment: dict[str, str], aep_emulator: RunningEmulator) -> None:
    """The provider's variables lead to the test's emulator."""
    assert os.environ["AEP_ENDPOINT"] == aep_environment["AEP_ENDPOINT"] == aep_emulator.url
    assert {name for name in os.environ if name.startswith("AEP_")} == set(aep_environment)
