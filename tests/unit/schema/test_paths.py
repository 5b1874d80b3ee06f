"""Places in a value."""

from __future__ import annotations

from provider_shim.schema.paths import ROOT, AttributeName, ElementKey, path


def test_paths_read_like_terraform() -> None:
    """A path is shown as the user would write it."""
    place = path("schedule").attribute("days").element(2).element("x")

    assert str(place) == 'schedule.days[2]["x"]'
    assert str(ROOT) == ""


def test_paths_grow_without_changing() -> None:
    """Going on from a path leaves it as it was."""
    start = path("a")

    assert start.attribute("b").steps == (AttributeName("a"), AttributeName("b"))
    assert start.element("k").steps == (AttributeName("a"), ElementKey("k"))
    assert start == path("a")
