"""Fixtures: one Chromium for all tests, and an emulator for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow_emulator.testing import RunningEmulator, running_emulator
from tests.browser.browser import Browser, chromium

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def one_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with a profile of its own, which saves screenshots in `.screenshots`."""
    with chromium(tmp_path_factory.mktemp("profile"), REPO / ".screenshots") as browser:
        yield browser


@pytest.fixture
def browser(one_browser: Browser) -> Iterator[Browser]:
    """The browser. After each test its console must be empty, except for messages that the test has read."""
    one_browser.console_messages()
    yield one_browser
    assert one_browser.console_messages() == []


@pytest.fixture
def emulator() -> Iterator[RunningEmulator]:
    """An empty emulator, served; its clock is fixed three hours before the exports begin."""
    with running_emulator() as served:
        served.set_clock("2031-11-30T21:00:00Z")
        yield served
