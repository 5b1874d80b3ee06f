"""What all tests share: asserts of helpers show values, properties have no deadline, facts are printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

TESTS = Path(__file__).parent


def helper_modules() -> list[str]:
    """The dotted names of all modules under `tests/` that hold no tests themselves."""
    files = (file for file in TESTS.rglob("*.py") if not file.name.startswith(("test_", "conftest")))
    return sorted(".".join(file.relative_to(TESTS.parent).with_suffix("").parts) for file in files)


pytest.register_assert_rewrite(*helper_modules())

hypothesis.settings.register_profile("flowbridge", deadline=None)  # a busy machine is not a failure
hypothesis.settings.load_profile("flowbridge")


@pytest.fixture(scope="session")
def preload() -> Iterator[dict[str, str]]:
    """The variables with which Terraform starts the provider as a fork of a process that has imported it."""
    from tests.preload.provider import preloaded_provider  # after its asserts are registered

    with preloaded_provider() as variables:
        yield variables


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have recorded with `record_property`, also from the processes of pytest-xdist."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")
