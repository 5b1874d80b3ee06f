"""The switches, and the page that lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow_emulator.behaviour.profiles import PROFILES
from flow_emulator.behaviour.switches import STRICT, Behaviour, Switch, behaviour_from_text, switches
from flow_emulator.identity import CLIENT_ID, CLIENT_SECRET, EMULATOR, ORGANIZATION_ID

PAGE = Path(__file__).parents[4] / "docs" / "emulator.md"


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
        ({"colour": "blue"}, "Unknown switch 'colour'. Known switches: .*base_delete_with_targets, body"),
        ({"secrets": "shouted"}, "secrets is one of masked, omit, echo, not 'shouted'"),
        ({"delete_reads": "some"}, "delete_reads is a number, not 'some'"),
        ({"extra_hour_intervals": "8,x"}, "extra_hour_intervals is numbers joined by commas, not '8,x'"),
    ],
)
def test_wrong_switches_are_errors(settings: dict[str, str], message: str) -> None:
    """An unknown name or value is refused with the known ones."""
    with pytest.raises(ValueError, match=message):
        behaviour_from_text(settings)


def row(switch: Switch) -> str:
    """The row of a switch as the page has it."""

    def text(value: object) -> str:
        if isinstance(value, tuple):
            return ",".join(map(str, value)) or "none"
        return str(value).lower() if isinstance(value, bool) else str(value)

    several = isinstance(switch.default, tuple)
    kind = "numbers" if several else "a number"
    values = ", ".join(f"`{text(value)}`" for value in switch.values) or kind
    return f"| `{switch.name}` | `{text(switch.default)}` | {values} | {switch.reason} |"


def section(title: str) -> list[str]:
    """The rows of the table in a section of the page, without its head."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return [line for line in text.splitlines() if line.startswith("| `")]


def test_the_page_lists_every_switch() -> None:
    """The page has a row with default, values and reason for each switch, and no row for another."""
    assert section("Switches") == [row(switch) for switch in switches()]


def test_the_page_lists_every_profile() -> None:
    """The page has a row for each profile with what it sets and why."""
    assert section("Profiles") == [
        f"| `{name}` | {', '.join(f'`{each}`' for each in profile.switches) or 'nothing'}"
        f" | {profile.reason} |"
        for name, profile in PROFILES.items()
    ]


def test_the_page_names_the_client() -> None:
    """The documented client is the one that is let in, and its secret shows in no representation."""
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{value}`" in text for value in (CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID))
    assert CLIENT_SECRET not in repr(EMULATOR)
