"""The committed protobuf stubs."""

from __future__ import annotations

import pytest

from tools.generate import protobuf


@pytest.mark.slow
def test_up_to_date() -> None:
    """The committed stubs are what the compiler makes of the `.proto` files."""
    assert protobuf.differing() == []
