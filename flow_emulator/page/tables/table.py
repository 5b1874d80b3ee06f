"""Tables that can be scrolled with the keyboard, and cells that several tables share."""

from __future__ import annotations

from collections.abc import Iterable

from flow_emulator.page.markup import Child, Markup, name, tag

_STATE_CLASSES = {
    "enabled": "good",
    "success": "good",
    "failed": "bad",
    "error": "bad",
    "disabled": "muted",
}


def table(caption: str, heads: Iterable[str], rows: Iterable[Markup]) -> Markup:
    """Return a table with a caption, column heads, and rows of :func:`row`."""
    head = tag("tr", [tag("th", text, scope="col") for text in heads])
    drawn = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", list(rows)))
    return scrolled(drawn, caption)


def row(first: Child, *cells: Child, id_: str | None = None) -> Markup:
    """Return one row, whose first cell is its head."""
    return tag("tr", tag("th", first, scope="row"), [tag("td", cell) for cell in cells], id=id_)


def scrolled(content: Child, title: str) -> Markup:
    """Return a region that scrolls when it is too large; the keyboard can focus it."""
    return tag("div", content, class_="scroll", role="region", aria_label=title, tabindex=0)


def name_and_id(text: str, identity: str) -> Markup:
    """Return a name with its id below it."""
    return tag("div", name(text, class_="name"), tag("code", identity), class_="named")


def state(text: str) -> Markup:
    """Return a state as a word on a coloured background; the word alone is sufficient."""
    return tag("span", text, class_=f"badge {_STATE_CLASSES.get(text, 'warn')}")


def two_lines(first: Child, second: Child) -> Markup:
    """Return a cell of two lines, the second one smaller."""
    return tag("div", tag("div", first), tag("div", second, class_="small"))
