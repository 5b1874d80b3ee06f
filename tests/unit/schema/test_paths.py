"""Attribute paths."""

from __future__ import annotations

from provider_shim.schema.paths import ROOT, AttributeName, ElementKey, path


def test_paths_read_like_terraform() -> None:
    """A path is shown as it is written in HCL."""
    attribute_path = path("schedule").attribute("days").element(2).element("x")

    assert str(attribute_path) == 'schedule.days[2]["x"]'
    assert str(ROOT) == ""


def test_paths_are_immutable() -> None:
    """Deriving a longer path does not change the shorter one."""
    start = path("a")

    assert start.attribute("b").steps == (AttributeName("a"), AttributeName("b"))
    assert start.element("k").steps == (AttributeName("a"), ElementKey("k"))
    assert start == path("a")
