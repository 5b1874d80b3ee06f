"""The committed protobuf modules."""

from __future__ import annotations

import pytest

from tools.generate import protobuf


@pytest.mark.slow
def test_up_to_date() -> None:
    """The committed modules are what the compiler generates from the `.proto` files."""
    assert protobuf.outdated_files() == []
