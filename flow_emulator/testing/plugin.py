"""A pytest plugin with an emulator for each test that uses its fixture.

List it in the ``conftest.py`` at the top of the tests::

    pytest_plugins = ["flow_emulator.testing.plugin"]

Importing it does not import the emulator; the fixtures do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flow_emulator.testing import RunningEmulator

_MARKER = "aep_emulator"


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(profile=None, clock=None, **switches): the configuration of this test's emulator.",
    )


@pytest.fixture
def aep_emulator(request: pytest.FixtureRequest) -> Iterator[RunningEmulator]:
    """A served emulator in memory, new for each test.

    ``@pytest.mark.aep_emulator(profile="lenient", clock="2031-01-02T00:00:00Z", secrets="omit")`` configures
    it. A marker of the test overrides one of its class or module.

    Yields:
        The running emulator.
    """
    from flow_emulator.testing import running_emulator

    switches: dict[str, object] = {}
    for marker in reversed(list(request.node.iter_markers(_MARKER))):
        switches |= marker.kwargs
    profile, moment = switches.pop("profile", None), switches.pop("clock", None)
    with running_emulator(profile=None if profile is None else str(profile), switches=switches) as emulator:
        if moment is not None:
            emulator.set_clock(str(moment))
        yield emulator


@pytest.fixture
def aep_environment(aep_emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The ``AEP_*`` variables of the test's emulator, set in this process while the test runs.

    Returns:
        The variables and their values.
    """
    environment = aep_emulator.environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment
