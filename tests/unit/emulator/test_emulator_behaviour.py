"""The switches, and the page that lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow_emulator.behaviour import STRICT, Behaviour, behaviour_from_text, switches
from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, EMULATOR, ORGANIZATION_ID

PAGE = Path(__file__).parents[3] / "docs" / "emulator.md"


def test_switches_are_read_from_text() -> None:
    """Each kind of switch has a form as text; what is not given keeps its default."""
    read = behaviour_from_text(
        {
            "secrets": "ECHO",
            "delete_status": "204",
            "json_without_compression": "true",
            "extra_hour_intervals": "8,24",
            "delete_reads": "3",
        }
    )
    assert read == Behaviour(
        secrets="echo",
        delete_status=204,
        json_without_compression=True,
        extra_hour_intervals=(8, 24),
        delete_reads=3,
    )
    assert behaviour_from_text({}) == STRICT


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"colour": "blue"}, "Unknown switch 'colour'. Known switches: base_delete_with_targets, body"),
        ({"secrets": "shouted"}, "secrets is one of masked, omit, echo, not 'shouted'"),
        ({"delete_reads": "some"}, "delete_reads is a number, not 'some'"),
        ({"extra_hour_intervals": "8,x"}, "extra_hour_intervals is numbers joined by commas, not '8,x'"),
    ],
)
def test_wrong_switches_are_told(settings: dict[str, str], message: str) -> None:
    """An unknown name or value is refused with the known ones."""
    with pytest.raises(ValueError, match=message):
        behaviour_from_text(settings)


def test_the_page_lists_every_switch() -> None:
    """The page has a row with name and reason for each switch, and no row for another."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    listed = [row for row in rows if row.count("|") == 5]
    assert [row.split("`")[1] for row in listed] == [switch.name for switch in switches()]
    for row, switch in zip(listed, switches(), strict=True):
        assert row.endswith(f"| {switch.reason} |")


def test_the_page_names_the_client() -> None:
    """The documented client is the one that is let in, and its secret shows in no representation."""
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{value}`" in text for value in (CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID))
    assert CLIENT_SECRET not in repr(EMULATOR)
