"""The generated parts of pages: what is between two markers is replaced, and nothing else."""

from __future__ import annotations

import pytest

from provider_shim.destinations import DESTINATIONS, Destination
from tools.generate.generated_files import out_of_date
from tools.generate.page_sections import destination_table, filled, generate


def test_the_committed_pages_are_up_to_date() -> None:
    """Generating them again changes nothing."""
    assert out_of_date(generate(), ()) == []


def test_a_section_is_replaced_in_its_place() -> None:
    """The text between the markers is replaced, in a line or over several; the rest of the page stays."""
    page = "| a | <!-- generated: one -->old<!-- end --> |\n<!-- generated: two -->\nold\n<!-- end -->\n"

    assert filled(page, {"one": lambda: "new", "two": lambda: "\n"}) == (
        "| a | <!-- generated: one -->new<!-- end --> |\n<!-- generated: two -->\n<!-- end -->\n"
    )


@pytest.mark.parametrize(
    "page", ["", "<!-- generated: one -->", "<!-- generated: one --><!-- end -->" * 2], ids=str
)
def test_a_section_has_one_pair_of_markers(page: str) -> None:
    """A page without the marker, without its end, or with two of them is an error that names the marker."""
    with pytest.raises(ValueError, match="<!-- generated: one -->"):
        filled(page, {"one": lambda: "new"})


@pytest.mark.parametrize("destination", DESTINATIONS, ids=lambda each: each.name)
def test_every_destination_has_an_example(destination: Destination) -> None:
    """Each row of README's table names a block of the catalogue and an example that uses it."""
    rows = [each for each in destination_table().splitlines() if f"| `{destination.name}` |" in each]

    assert rows
    assert all("](examples/" in each for each in rows)
