"""A pytest plugin: an emulator for each test that asks for one.

Name it where pytest looks for plugins, such as the ``conftest.py`` at the top of the tests::

    pytest_plugins = ["flow_emulator.testing.plugin"]

Importing it loads nothing of the emulator; the fixtures do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flow_emulator.testing import RunningEmulator

_MARKER = "aep_emulator"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(profile=None, clock=None, **switches): how the emulator of this test behaves.",
    )


@pytest.fixture
def aep_emulator(request: pytest.FixtureRequest) -> Iterator[RunningEmulator]:
    """A served emulator in memory, new for each test.

    ``@pytest.mark.aep_emulator(profile="lenient", clock="2031-01-02T00:00:00Z", secrets="omit")`` chooses how
    it behaves; a marker near the test goes before one of its class or module.
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
    """The ``AEP_*`` variables of the test's emulator, set in this process while the test runs."""
    environment = aep_emulator.environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment
