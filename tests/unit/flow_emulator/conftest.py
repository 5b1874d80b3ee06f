"""Fixtures with emulators in memory, new for each test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.flow_emulator.observed_coverage import check_or_record
from tests.unit.flow_emulator.session import Session


@pytest.fixture
def new_session(request: pytest.FixtureRequest) -> Iterator[Callable[..., Session]]:
    """A function that creates sessions with a behaviour, identities or a store; records what they observe."""
    with asyncio.Runner() as runner:
        made: list[Session] = []

        def make(*arguments: Any, **more: Any) -> Session:
            made.append(Session(*arguments, runner=runner, **more))
            return made[-1]

        yield make
        for session in made:
            session.store.close()
    check_or_record(request.node.nodeid, set().union(*(session.observed for session in made)))


@pytest.fixture
def session(new_session: Callable[..., Session]) -> Session:
    """A session with the default behaviour."""
    return new_session()
