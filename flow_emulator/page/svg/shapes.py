"""What the two pictures share: shortening text, and the frame with title and description."""

from __future__ import annotations

import unicodedata
from typing import Final

from flow_emulator.page.markup import Child, Markup, tag

_WIDE: Final = frozenset("WF")


def shortened(text: str, units: int) -> str:
    """Shorten text with an ellipsis when it is wider than ``units`` Latin letters."""
    width = 0
    for place, letter in enumerate(text):
        width += 2 if unicodedata.east_asian_width(letter) in _WIDE else 1
        if width > units:
            return text[: max(place - 1, 0)].rstrip() + "…"
    return text


def picture(identity: str, title: str, description: str, width: int, height: int, *content: Child) -> Markup:
    """Return an SVG element with a title and a description for screen readers."""
    return tag(
        "svg",
        tag("title", title, id=f"{identity}-title"),
        tag("desc", description, id=f"{identity}-description"),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        id=f"{identity}-picture",
        # One unit on each side, for the outer half of lines at the edge.
        viewBox=f"-1 0 {width + 2} {height}",
        width=width + 2,
        height=height,
        aria_labelledby=f"{identity}-title",
        aria_describedby=f"{identity}-description",
    )


def label(text: str, x: float, y: float, class_: str = "", anchor: str | None = None) -> Markup:
    """Return a line of text with its baseline at ``y``."""
    return tag("text", text, x=_short(x), y=_short(y), class_=class_ or None, text_anchor=anchor)


def rectangle(
    x: float, y: float, width: float, height: float, class_: str, *children: Child, radius: int | None = None
) -> Markup:
    """Return a rectangle; ``children`` may have a title, which is its tooltip."""
    return tag(
        "rect",
        *children,
        x=_short(x),
        y=_short(y),
        width=_short(width),
        height=_short(height),
        rx=radius,
        class_=class_,
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
