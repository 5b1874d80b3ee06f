"""Building HTML: elements from names, children and attributes, all of which are escaped.

The result is also well-formed XML, so that a test can parse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Final

# Not allowed in XML or HTML: controls, halves of surrogate pairs, two non-characters.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_VOID: Final = frozenset({"br", "hr", "input", "link", "meta"})


class Markup(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


Child = str | int | Iterable["Child"] | None
Value = str | int | float | bool | None


def text(value: str) -> Markup:
    """Escape plain text; characters that are not allowed are replaced by U+FFFD."""
    return Markup(escape(_FORBIDDEN.sub("\ufffd", value)))


def join(*children: Child) -> Markup:
    """Concatenate children: text is escaped, markup is kept, None is skipped."""
    return Markup("".join(_rendered(children)))


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """Return one element.

    A trailing underscore is removed from the name of an attribute, other underscores become hyphens. The
    value True repeats the name, None and False omit the attribute.
    """
    opened = name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{opened} />")
    return Markup(f"<{opened}>{join(*children)}</{name}>")


def name(value: str, **attributes: Value) -> Markup:
    """Return a user's name, isolated so that right-to-left letters do not affect the text around it."""
    return tag("bdi", value, **attributes)


def _rendered(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            yield child
        elif isinstance(child, str | int):
            yield text(str(child))
        else:
            yield from _rendered(child)


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    written = key.rstrip("_").replace("_", "-")
    shown = written if value is True else str(value)
    return f' {written}="{text(shown)}"'
