"""What all tests share: asserts of helper modules show their values, and no property has a deadline."""

from __future__ import annotations

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
