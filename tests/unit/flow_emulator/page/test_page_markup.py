"""How the page's markup is written: escaping above all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_emulator.page.markup import Markup, join, name, tag
from tests.unit.flow_emulator.page.page_views import parsed


@given(st.text())
def test_any_text_stays_text(anything: str) -> None:
    """Whatever a text holds, it makes neither an element nor an attribute, and the markup is well-formed."""
    element = parsed(tag("p", anything, title=anything))

    assert list(element) == []
    assert list(element.attrib) == ["title"]
    if anything.isprintable():
        assert element.text == (anything or None)
        assert element.get("title") == anything


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\ud800", "\ufffe"])
def test_characters_that_no_page_can_hold_are_replaced(character: str) -> None:
    """Controls and halves of characters are shown as the replacement character."""
    assert parsed(tag("p", f"a{character}b")).text == "a\ufffdb"


def test_elements_are_nested_and_markup_is_not_escaped_again() -> None:
    """Children may be text, numbers, markup, lists of these, or nothing."""
    drawn = tag("ul", [tag("li", each) for each in ("a", 2)], None, join(tag("li", "<")))

    assert drawn == "<ul><li>a</li><li>2</li><li>&lt;</li></ul>"
    assert isinstance(drawn, Markup)


def test_attributes_say_what_is_meant() -> None:
    """True writes an attribute without a value of its own; None and False leave it out."""
    drawn = tag("input", class_="x", aria_label='"', disabled=True, checked=False, title=None)

    assert drawn == '<input class="x" aria-label="&quot;" disabled="disabled" />'


def test_names_are_set_apart() -> None:
    """A user's name is in an element that isolates its direction of writing."""
    assert name("שלום <i>") == "<bdi>שלום &lt;i&gt;</bdi>"
